import type { IncomingMessage } from 'node:http';
import type { JsonValue } from '@backstage/types';
import { parse as parseYaml } from 'yaml';
import { badRequest, tooLarge, unsupportedMediaType } from './status';

/** The limit of a real API server. */
const maxBodyBytes = 3 * 1024 * 1024;

/** The media type alone, without its parameters. */
export function mediaType(request: IncomingMessage) {
  const [type] = (request.headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}

/** The body as JSON or, where the Content-Type says so, YAML; null if empty. */
export async function readBody(request: IncomingMessage): Promise<JsonValue> {
  const type = mediaType(request);
  if (!/^$|[/+](json|yaml)$/.test(type)) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Read to the end in any case, or else the client misses the answer.
    size += chunk.length;
    if (size <= maxBodyBytes) {
      chunks.push(chunk);
    }
  }
  if (size > maxBodyBytes) {
    throw tooLarge(maxBodyBytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') {
    return null;
  }
  try {
    return type.endsWith('yaml') ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badRequest(`couldn't read the body: ${reason}`);
  }
}

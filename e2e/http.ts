import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Target } from './environment';

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * The answer from its headers on. Node's own client instead of `fetch`, which normalises paths and decodes on its own.
 * A string is sent as it is; any other body as JSON.
 */
export async function open(
  target: Target,
  path: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<IncomingMessage> {
  const request = httpsRequest(target.url + path, {
    method,
    ca: target.ca,
    headers: {
      ...(target.token && { Authorization: `Bearer ${target.token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...target.headers,
      ...headers,
    },
  });
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  // By itself Node frames the body of a DELETE in no way at all.
  if (payload !== undefined && !request.hasHeader('Transfer-Encoding')) {
    request.setHeader('Content-Length', Buffer.byteLength(payload));
  }
  request.end(payload);
  const [response] = await once(request, 'response');
  return response;
}

function decoded(response: IncomingMessage): NodeJS.ReadableStream {
  return response.headers['content-encoding'] === 'gzip'
    ? response.pipe(createGunzip())
    : response;
}

export async function ask(
  target: Target,
  path: string,
  options?: Ask,
): Promise<Answer> {
  const response = await open(target, path, options);
  const chunks: Buffer[] = [];
  for await (const chunk of decoded(response)) {
    chunks.push(Buffer.from(chunk));
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

export interface LineStream {
  status: number;
  /** The next line, as soon as it is there; undefined at the end. */
  next(): Promise<string | undefined>;
  /** Leaves, as a closed browser tab does. */
  leave(): void;
}

export async function openLines(
  target: Target,
  path: string,
  options?: Ask,
): Promise<LineStream> {
  const response = await open(target, path, options);
  const lines = createInterface({ input: decoded(response) })[
    Symbol.asyncIterator
  ]();
  return {
    status: response.statusCode ?? 0,
    next: async () => {
      const { done, value } = await lines.next();
      return done ? undefined : value;
    },
    leave: () => {
      response.destroy();
    },
  };
}

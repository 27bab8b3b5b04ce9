import type { OutgoingHttpHeaders } from 'http';
import { InputError } from '@backstage/errors';

/** The parts of an incoming request that decide what its outgoing headers are. */
export interface IncomingHead {
  readonly method?: string;
  /** Names and values in turns, as Node.js received them. */
  readonly rawHeaders: readonly string[];
}

/**
 * The headers that say where the body ends. Node.js frames a body by them: with neither, a DELETE would send its bytes
 * after the end of the request, where the next request on that connection begins.
 *
 * @throws InputError when they are ambiguous (RFC 9112 §6.3)
 */
export function bodyFraming({
  method,
  rawHeaders,
}: IncomingHead): OutgoingHttpHeaders {
  let length: string | undefined;
  let coding: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (name === 'content-length') {
      length = rawHeaders[i + 1];
    } else if (name === 'transfer-encoding') {
      coding = coding ? `${coding}, ${rawHeaders[i + 1]}` : rawHeaders[i + 1];
    }
  }
  if (coding !== undefined) {
    if (length !== undefined) {
      throw new InputError(
        'Content-Length and Transfer-Encoding exclude each other',
      );
    }
    if (coding.trim().toLowerCase() !== 'chunked') {
      throw new InputError('The only transfer coding understood is chunked');
    }
    return { 'transfer-encoding': 'chunked' };
  }
  if (length !== undefined) {
    return { 'content-length': length };
  }
  // Without this, Node.js would send these methods an empty chunked body.
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
    ? { 'content-length': '0' }
    : {};
}

import { InputError } from '@backstage/errors';
import {
  KubernetesRequestInfo,
  parseKubernetesRequestInfo,
} from './kubernetesRequestInfo';

/** A path and query that the gateway and the API server read alike. */
export interface ApiPath {
  /** Path and query, byte for byte as received: this is what is forwarded. */
  readonly raw: string;
  /** What they ask of the API server. */
  readonly request: KubernetesRequestInfo;
}

/**
 * Refuses every path that another reader on the way could take for a different one, instead of normalising it: the
 * string that was authorised is the string that is forwarded.
 *
 * The API server decodes the whole path once and splits it afterwards, so an encoded slash would move what follows it
 * into another role. What a `proxy` subresource leads to has its own rules for its own path: there only dot segments
 * and NUL are refused, because they could lead out of it.
 *
 * @param rawUrl - what follows the surface's prefix, one character a byte
 * @throws InputError that says what is wrong and repeats nothing of the URL
 */
export function parseApiPath(method: string, rawUrl: string): ApiPath {
  if (!rawUrl.startsWith('/')) {
    throw new InputError('The API path must start with a slash');
  }
  if (!/^[\x21-\x7e\x80-\xff]*$/.test(rawUrl)) {
    throw new InputError(
      'The API path and its query must not contain spaces or control characters',
    );
  }
  const [path, query] = splitAtFirst(rawUrl, '?');
  if (path.includes('#')) {
    throw new InputError('The API path must not contain a fragment');
  }
  if (path.includes('\\')) {
    throw new InputError('The API path must not contain a backslash');
  }
  if (/%(?![0-9a-f]{2})/i.test(path)) {
    throw new InputError('The API path has a malformed percent-encoding');
  }
  if (path.includes('%00')) {
    throw new InputError('The API path must not contain a NUL character');
  }

  const segments = path.slice(1).split('/').map(percentDecode);
  if (segments.some(hasDotSegment)) {
    throw new InputError("The API path must not contain '.' or '..' segments");
  }
  const request = parseKubernetesRequestInfo(method, segments, query);
  const apiSegments = segments.slice(0, request.servicePathIndex);
  if (apiSegments.some(segment => /[/\\\p{Cc}]/u.test(segment))) {
    throw new InputError(
      'The API path must not contain an encoded slash, backslash or control character',
    );
  }
  return { raw: rawUrl, request };
}

function splitAtFirst(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0
    ? [text, '']
    : [text.slice(0, index), text.slice(index + separator.length)];
}

/** Decodes once. Bytes that are not UTF-8 become U+FFFD, which no name of an object is mistaken for. */
function percentDecode(segment: string): string {
  if (/^[\x21-\x24\x26-\x7e]*$/.test(segment)) {
    return segment;
  }
  const bytes = segment.replace(/%(..)/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Looks behind decoded slashes and backslashes too: a service may split its path there. */
function hasDotSegment(segment: string): boolean {
  return segment.split(/[/\\]/).some(part => part === '.' || part === '..');
}

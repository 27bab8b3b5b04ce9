import type {
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'http';
import { BadGatewayError } from './errors';
import { isHopByHop, namedByConnection } from '../request/hopByHop';
import { LocationContext, rewriteLocation } from './location';

// A cluster, or a Service behind it, shares the portal's origin in the browser: it must not set the portal's cookies,
// open it to other origins, clear its storage, register a service worker over it or pin its transport.
const DROPPED = new Set([
  'alt-svc',
  'clear-site-data',
  'nel',
  'public-key-pins',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
]);

/** The answer of a cluster, as far as its head goes. */
export type AnswerHead = Pick<
  IncomingMessage,
  'statusCode' | 'headers' | 'headersDistinct'
>;

/**
 * The headers of the answer to the client. What the portal has set on the response already (its security headers) wins
 * over the cluster's; `Vary` is the union of both.
 *
 * @throws BadGatewayError for a redirect that leads away from the cluster
 */
export function responseHeaders(
  answer: AnswerHead,
  response: Pick<ServerResponse, 'hasHeader' | 'getHeader'>,
  location: LocationContext,
): OutgoingHttpHeaders {
  const hopByHop = new Set(namedByConnection(answer.headers.connection));
  const headers: OutgoingHttpHeaders = Object.create(null);

  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (
      !isHopByHop(name) &&
      !hopByHop.has(name) &&
      !DROPPED.has(name) &&
      !name.startsWith('access-control-') &&
      !response.hasHeader(name)
    ) {
      headers[name] = values.length === 1 ? values[0] : values;
    }
  }

  if (answer.headers.location !== undefined) {
    setLocation(headers, answer, location);
  }
  if (answer.headers.vary && response.hasHeader('vary')) {
    headers.vary = `${response.getHeader('vary')}, ${answer.headers.vary}`;
  }
  headers['cache-control'] = untransformed(answer.headers['cache-control']);
  return headers;
}

function setLocation(
  headers: OutgoingHttpHeaders,
  answer: AnswerHead,
  context: LocationContext,
): void {
  const rewritten = rewriteLocation(answer.headers.location!, context);
  if (rewritten !== undefined) {
    headers.location = rewritten;
    return;
  }
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    throw new BadGatewayError(
      'the cluster answered with a redirect that leads elsewhere',
    );
  }
  delete headers.location;
}

/**
 * `no-transform` (RFC 9111 §5.2.2.6) keeps the host's compression middleware away from the answer: it holds back what
 * it compresses until its buffer is full, so that a watch event would reach a browser minutes late or never.
 */
function untransformed(cacheControl: string | undefined): string {
  if (!cacheControl) {
    return 'no-transform';
  }
  return /(?:^|,)\s*no-transform\s*(?:,|$)/i.test(cacheControl)
    ? cacheControl
    : `${cacheControl}, no-transform`;
}

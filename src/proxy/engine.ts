import type {
  ClientRequest,
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'http';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { ProxyTimeouts } from '../config/settings';
import { enforceDeadlines } from './deadlines';
import { BadGatewayError, errorCode } from './errors';
import type { Transport } from './transport';

/** One request on its way to a cluster. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly transport: Transport;
  /** Path and query for the cluster, its base path included. */
  readonly path: string;
  /** All headers for the cluster. */
  readonly headers: OutgoingHttpHeaders;
  /** The headers for the client, once the cluster answers. What it throws is answered instead. */
  readonly answerHeaders: (answer: IncomingMessage) => OutgoingHttpHeaders;
}

/** Carries requests to clusters and streams their answers back. */
export interface Engine {
  /**
   * Settles when the exchange is over.
   *
   * @throws what went wrong before the answer began, so that the caller can answer in its place. Once it has begun, a
   *   failure ends the client's connection instead.
   */
  forward(exchange: Exchange): Promise<void>;
}

interface State {
  readonly exchange: Exchange;
  /** As they came in, for whoever looks at the request while it is carried or afterwards. */
  readonly incoming: Pick<IncomingMessage, 'url' | 'headers'>;
  readonly fail: (error: Error) => void;
  answered: boolean;
  attempts: number;
  /** The request of the latest attempt, once it has a connection. */
  request?: ClientRequest;
  /** What that connection had received before. */
  bytesBefore?: number;
}

/**
 * There is one http-proxy-middleware for all clusters, because each instance adds a `close` listener to the portal's
 * server that it never takes back. What differs between clusters is the {@link Transport} that a request is given.
 */
export function createEngine(timeouts: ProxyTimeouts): Engine {
  const states = new WeakMap<IncomingMessage, State>();

  const middleware = createProxyMiddleware({
    // The default plugins answer errors in plain text and log URLs with their query.
    ejectPlugins: true,
    // The answer's head is ours to write; what becomes of its stream stays with the engine.
    selfHandleResponse: true,
    // Runs after the path filter, whose parser takes paths such as `//` for no path at all.
    pathRewrite: (_path, req) => states.get(req)!.exchange.path,
    router: (req, _res, options) => {
      const { transport } = states.get(req)!.exchange;
      options.agent = transport.agent;
      return transport.target;
    },
    plugins: [
      proxy => {
        proxy.on('proxyReq', (request, req) =>
          onRequest(states.get(req)!, request),
        );
        proxy.on('proxyRes', (answer, req) =>
          onAnswer(states.get(req)!, answer),
        );
        proxy.on('error', (error, req) => onError(states.get(req!)!, error));
        // The client left, which the caller sees for itself.
        proxy.on('econnreset', () => {});
      },
    ],
  });

  function onRequest(state: State, request: ClientRequest): void {
    // The engine has made its request of ours by now.
    giveBack(state);
    state.request = request;
    state.bytesBefore = request.socket?.bytesRead;
    enforceDeadlines(request, timeouts);
    // For instance a 101 that nobody asked for: Node.js closes the connection and says nothing.
    request.once('close', () => {
      if (!state.answered && state.request === request) {
        state.fail(
          new BadGatewayError('the connection was closed before an answer'),
        );
      }
    });
  }

  function onAnswer(state: State, answer: IncomingMessage): void {
    const { res, answerHeaders } = state.exchange;
    try {
      const headers = answerHeaders(answer);
      res.writeHead(answer.statusCode!, reasonPhrase(answer), headers);
    } catch (error) {
      // The engine ends the cluster's answer with the client's; destroyed here, it would take ours along.
      state.fail(error as Error);
      return;
    }
    state.answered = true;
    // A stream may have nothing to say yet; everything else leaves in one packet with its head.
    if (answer.headers['content-length'] === undefined) {
      res.flushHeaders();
    }
    answer.pipe(res);
  }

  function onError(state: State, error: Error): void {
    if (mayRetry(state, error)) {
      attempt(state);
    } else {
      state.fail(error);
    }
  }

  function attempt(state: State): void {
    state.attempts += 1;
    state.request = undefined;
    const { req, res, headers } = state.exchange;
    Object.assign(req, { url: '/', headers });
    middleware(req, res, error =>
      state.fail((error as Error) ?? new Error('Not forwarded')),
    ).catch(state.fail);
  }

  return {
    forward(exchange) {
      const { req, res } = exchange;
      return new Promise((resolve, reject) => {
        const state: State = {
          exchange,
          incoming: { url: req.url, headers: req.headers },
          answered: false,
          attempts: 0,
          fail(error) {
            if (!state.answered) {
              state.answered = true;
              giveBack(state);
              // A client that sends its whole body before it reads would never come to see the answer.
              req.unpipe();
              req.resume();
              reject(error);
            }
          },
        };
        states.set(req, state);
        // Two attempts listen for the client's leaving, beside what the portal has on the response.
        res.setMaxListeners(res.getMaxListeners() + 10);
        res.once('close', () => {
          giveBack(state);
          resolve();
        });
        if (res.closed || res.destroyed) {
          resolve();
          return;
        }
        attempt(state);
      });
    },
  };
}

/** Undoes what {@link Exchange} lent the engine: the auditor reads the request when it is over. */
function giveBack({ exchange, incoming }: State): void {
  Object.assign(exchange.req, incoming);
}

/** Node.js refuses to send some of what it accepts: a reason phrase with control characters. */
function reasonPhrase({ statusMessage = '' }: IncomingMessage): string {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(statusMessage) ? statusMessage : '';
}

/**
 * A kept-alive connection may be closed by the cluster at the moment that it is used again. Only a request that changes
 * nothing, has no body and got not one byte of an answer is sent a second time (RFC 9112 §9.3.1).
 */
function mayRetry(state: State, error: Error): boolean {
  const { attempts, answered, request, bytesBefore, exchange } = state;
  const { method } = exchange.req;
  return (
    attempts === 1 &&
    !answered &&
    !exchange.res.destroyed &&
    Boolean(request?.reusedSocket) &&
    request!.socket?.bytesRead === bytesBefore &&
    ['ECONNRESET', 'EPIPE'].includes(errorCode(error)) &&
    (method === 'GET' || method === 'HEAD') &&
    exchange.headers['content-length'] === undefined &&
    exchange.headers['transfer-encoding'] === undefined
  );
}

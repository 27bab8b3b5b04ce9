import { once } from 'events';
import http, { IncomingMessage, ServerResponse } from 'http';
import https from 'https';
import type { AddressInfo, Socket } from 'net';
import type { TLSSocket } from 'tls';
import { Authority, IssueOptions } from './certificates';

/** A request as the API server received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly headers: http.IncomingHttpHeaders;
  /** The server name of the TLS handshake. */
  readonly servername?: string;
  readonly socket: Socket;
  /** The whole body, once it is there. */
  readonly body: Promise<string>;
  /** Settles when the request is over: answered, or its sender gone. */
  readonly closed: Promise<unknown>;
}

export type Answer = (
  req: IncomingMessage,
  res: ServerResponse,
) => unknown | Promise<unknown>;

export interface ApiServerOptions {
  /** Issues the server's certificate; without one the server speaks plain HTTP. */
  readonly authority?: Authority;
  readonly certificate?: IssueOptions;
  /** Asks for a client certificate of this authority and takes no other. */
  readonly clientAuthority?: Authority;
  /** Serves clients without such a certificate too, as an API server does. */
  readonly clientCertificateOptional?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly answer?: Answer;
}

/** An HTTP server on loopback in the place of an API server. */
export interface ApiServer {
  readonly url: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Connections open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** From now on requests are answered like this. */
  answer(answer: Answer): void;
  /** The next request to come in. */
  nextRequest(): Promise<ReceivedRequest>;
  /** Settles when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** What is answered unless a test says otherwise: an empty object, once the request is complete. */
export const answerAfterBody: Answer = (req, res) =>
  req.once('end', () => res.end('{}'));

export async function startApiServer({
  authority,
  certificate,
  clientAuthority,
  clientCertificateOptional = false,
  host = '127.0.0.1',
  port = 0,
  answer = answerAfterBody,
}: ApiServerOptions = {}): Promise<ApiServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const waiting: Array<(request: ReceivedRequest) => void> = [];
  let accepted = 0;
  let current = answer;

  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    req.on('data', chunk => chunks.push(chunk));
    const received: ReceivedRequest = {
      method: req.method!,
      url: req.url!,
      rawHeaders: req.rawHeaders,
      headers: req.headers,
      servername: (req.socket as TLSSocket).servername || undefined,
      socket: req.socket,
      body: once(req, 'end').then(() => Buffer.concat(chunks).toString()),
      closed: once(res, 'close'),
    };
    received.body.catch(() => {});
    requests.push(received);
    waiting.splice(0).forEach(resolve => resolve(received));
    return current(req, res);
  };

  const server = authority
    ? https.createServer(
        {
          ...(await authority.issue(certificate)),
          requestCert: Boolean(clientAuthority),
          rejectUnauthorized:
            Boolean(clientAuthority) && !clientCertificateOptional,
          ca: clientAuthority?.cert,
        },
        onRequest,
      )
    : http.createServer(onRequest);
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // An idle connection is closed by its other end alone.
  server.keepAliveTimeout = 0;
  server.listen(port, host);
  await once(server, 'listening');

  const bound = (server.address() as AddressInfo).port;
  const authorityName = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${authority ? 'https' : 'http'}://${authorityName}:${bound}`,
    port: bound,
    requests,
    sockets,
    get accepted() {
      return accepted;
    },
    answer(next) {
      current = next;
    },
    nextRequest: () => new Promise(resolve => waiting.push(resolve)),
    async idle() {
      while (sockets.size > 0) {
        await Promise.race([...sockets].map(socket => once(socket, 'close')));
      }
    },
    async close() {
      sockets.forEach(socket => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

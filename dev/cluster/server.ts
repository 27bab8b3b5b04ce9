import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createRequestHandler, HandlerOptions } from './requestHandler';

export interface ApiServerOptions extends HandlerOptions {
  /** PEM. */
  key: string;
  cert: string;
}

export interface ApiServer {
  url: string;
  /** Ends what is being streamed, then closes every connection. */
  stop(): Promise<void>;
}

/** A client that does not read is not waited for any longer than this. */
const endOfStreamMs = 500;

/** Listens on a free port of 127.0.0.1. */
export async function startApiServer(
  options: ApiServerOptions,
): Promise<ApiServer> {
  const streams = new Set<ServerResponse>();
  const handle = createRequestHandler(options, response => {
    streams.add(response);
    response.once('close', () => streams.delete(response));
  });
  const { key, cert } = options;
  const server = https.createServer({ key, cert }, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `https://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      await Promise.race([
        Promise.all([...streams].map(endStream)),
        delay(endOfStreamMs, undefined, { ref: false }),
      ]);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The last chunk, then the connection's end, until the client agrees. */
async function endStream(response: ServerResponse) {
  const { socket } = response;
  if (socket) {
    // Not events.once(), which a client's reset would make fail.
    const closed = new Promise(resolve => socket.once('close', resolve));
    response.end(() => socket.end());
    await closed;
  }
}

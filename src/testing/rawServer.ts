import { once } from 'events';
import net, { AddressInfo, Socket } from 'net';

/** A TCP server that speaks whatever a test makes it speak. */
export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** All bytes received, connection by connection. */
  readonly received: string[];
  close(): Promise<void>;
}

/**
 * @param onConnection - what to do with a connection; called with its number, from 0
 */
export async function startRawServer(
  onConnection: (socket: Socket, number: number) => void,
): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer(socket => {
    const number = received.push('') - 1;
    sockets.add(socket);
    socket.on('data', chunk => {
      received[number] += chunk.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket, number);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    async close() {
      sockets.forEach(socket => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

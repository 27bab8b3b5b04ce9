import { once } from 'events';
import net from 'net';

/** One connection on which a test writes bytes that no client library would. */
export interface RawClient {
  readonly socket: net.Socket;
  /** Everything received so far. */
  readonly text: string;
  send(text: string): void;
  /** Settles when what has been received matches; fails when the connection ends before. */
  receive(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Everything received, once the connection has ended. */
  end(): Promise<string>;
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => socket.destroy());
  const ended = once(socket, 'close');

  return {
    socket,
    get text() {
      return text;
    },
    send(bytes) {
      socket.write(bytes, 'latin1');
    },
    async receive(pattern) {
      for (;;) {
        const match = text.match(pattern);
        if (match) {
          return match;
        }
        if (socket.destroyed) {
          throw new Error(`The connection ended after ${JSON.stringify(text)}`);
        }
        await Promise.race([once(socket, 'data'), ended]);
      }
    },
    async end() {
      await ended;
      return text;
    },
  };
}

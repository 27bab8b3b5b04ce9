import { once } from 'events';
import net from 'net';
import { Worker } from 'worker_threads';

/** A port whose SYNs are dropped. */
export interface DeafServer {
  readonly port: number;
  close(): Promise<void>;
}

// Listens and then sleeps for ever, so that nothing is taken off its backlog.
const SLEEPER = `
  const { parentPort } = require('worker_threads');
  const server = require('net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** How long a connection on loopback may take before it counts as dropped, in milliseconds. */
const STALLED = 500;

/** Fills the backlog of a server that accepts nothing: the system then drops every further SYN without an answer. */
export async function startDeafServer(): Promise<DeafServer> {
  const worker = new Worker(SLEEPER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: net.Socket[] = [];
  let connected = true;
  while (connected) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    fillers.push(socket);
    connected = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>(resolve => {
        setTimeout(resolve, STALLED, false);
      }),
    ]);
  }
  return {
    port,
    async close() {
      fillers.forEach(socket => socket.destroy());
      await worker.terminate();
    },
  };
}

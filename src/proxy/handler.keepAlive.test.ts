import type { Socket } from 'net';
import { Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';
import { connectRaw } from '../testing/rawClient';
import { startRawServer } from '../testing/rawServer';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

async function statuses(gateway: Gateway, count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) {
    const response = await gateway.portal.fetch('/proxy/api');
    await response.text();
    seen.push(response.status);
  }
  return seen;
}

describe('connections to a cluster', () => {
  it('are used again', async () => {
    const gateway = await startGateway();
    expect(await statuses(gateway, 10)).toEqual(Array(10).fill(200));
    expect(gateway.cluster.accepted).toBe(1);
    await gateway.stop();
  });

  it('are shared by the callers, each with its own token', async () => {
    const gateway = await startGateway();
    for (const token of ['Bearer a', 'Bearer b']) {
      await gateway.portal.fetch('/proxy/api', {
        headers: { 'Backstage-Kubernetes-Authorization': token },
      });
    }
    expect(gateway.cluster.accepted).toBe(1);
    expect(
      gateway.cluster.requests.map(({ headers }) => headers.authorization),
    ).toEqual(['Bearer a', 'Bearer b']);
    await gateway.stop();
  });

  it('are closed when the portal stops, watches among them', async () => {
    const gateway = await startGateway();
    await statuses(gateway, 1);
    gateway.cluster.answer((_req, res) => {
      res.writeHead(200);
      res.write('event\n');
    });
    const watch = await gateway.portal.fetch('/proxy/api?watch=true');
    const outcome = watch.text().then(
      () => 'complete',
      () => 'cut off',
    );
    await gateway.portal.stop();
    expect(await outcome).toBe('cut off');
    await gateway.cluster.idle();
    expect(gateway.cluster.sockets.size).toBe(0);
    await gateway.cluster.close();
  });
});

describe('a kept-alive connection that the cluster resets as it is used again', () => {
  /** Answers the first request of the first connection, resets on the next one, and answers on later connections. */
  async function startResetting(beforeReset = '') {
    return startRawServer((socket: Socket, number) => {
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (number > 0 || requests === 1) {
          socket.write(ok);
        } else if (beforeReset) {
          socket.end(beforeReset);
        } else {
          socket.resetAndDestroy();
        }
      });
    });
  }

  it.each(['GET', 'HEAD'])('sends a %s once more', async method => {
    const cluster = await startResetting();
    const gateway = await startGateway({ settings: { url: cluster.url } });
    await statuses(gateway, 1);
    const response = await gateway.portal.fetch('/proxy/api', { method });
    expect(response.status).toBe(200);
    expect(cluster.received).toHaveLength(2);
    await gateway.stop();
    await cluster.close();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'does not send a %s again',
    async method => {
      const cluster = await startResetting();
      const gateway = await startGateway({ settings: { url: cluster.url } });
      await statuses(gateway, 1);
      const response = await gateway.portal.fetch('/proxy/api', { method });
      expect(response.status).toBe(502);
      expect(cluster.received).toHaveLength(1);
      await gateway.stop();
      await cluster.close();
    },
  );

  it('does not send a GET again of whose answer a byte has come', async () => {
    const cluster = await startResetting('HTTP/1.1 2');
    const gateway = await startGateway({ settings: { url: cluster.url } });
    expect(await statuses(gateway, 2)).toEqual([200, 502]);
    expect(cluster.received).toHaveLength(1);
    await gateway.stop();
    await cluster.close();
  });

  it('does not send another method again that says nothing of a body', async () => {
    const cluster = await startResetting();
    const gateway = await startGateway({ settings: { url: cluster.url } });
    await statuses(gateway, 1);
    const client = await connectRaw(gateway.portal.port);
    client.send(
      `PROPFIND /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nConnection: close\r\n\r\n`,
    );
    expect(await client.end()).toMatch(/^HTTP\/1\.1 502 /);
    expect(cluster.received).toHaveLength(1);
    await gateway.stop();
    await cluster.close();
  });

  it('sends a GET only twice', async () => {
    const cluster = await startRawServer((socket, number) => {
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (number === 0 && requests === 1) {
          socket.write(ok);
        } else {
          socket.resetAndDestroy();
        }
      });
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    expect(await statuses(gateway, 2)).toEqual([200, 502]);
    expect(cluster.received).toHaveLength(2);
    await gateway.stop();
    await cluster.close();
  });

  it('sends a GET only twice, even if a third connection would do', async () => {
    let answerBoth!: () => void;
    const both = new Promise<void>(resolve => {
      answerBoth = resolve;
    });
    const cluster = await startRawServer((socket, number) => {
      socket.once('data', async () => {
        if (number === 1) {
          answerBoth();
        }
        await both;
        socket.write(ok);
        if (number < 2) {
          socket.once('data', () => socket.resetAndDestroy());
        }
      });
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    await Promise.all([statuses(gateway, 1), statuses(gateway, 1)]);
    expect(await statuses(gateway, 1)).toEqual([502]);
    expect(cluster.received).toHaveLength(2);
    await gateway.stop();
    await cluster.close();
  });

  it('does not send a GET again that failed on a new connection', async () => {
    const cluster = await startRawServer(socket => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    expect(await statuses(gateway, 1)).toEqual([502]);
    expect(cluster.received).toHaveLength(1);
    await gateway.stop();
    await cluster.close();
  });
});

describe('an abandoned watch', () => {
  it('leaves no connection to the cluster', async () => {
    const gateway = await startGateway();
    gateway.cluster.answer((_req, res) => {
      res.writeHead(200);
      res.write('event\n');
    });
    for (let i = 0; i < 20; i++) {
      const controller = new AbortController();
      const response = await gateway.portal.fetch('/proxy/api?watch=true', {
        signal: controller.signal,
      });
      expect(response.status).toBe(200);
      controller.abort();
    }
    await gateway.cluster.idle();
    expect(gateway.cluster.sockets.size).toBe(0);
    expect(gateway.cluster.accepted).toBeGreaterThan(0);
    await gateway.stop();
  });
});

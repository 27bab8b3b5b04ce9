import { once } from 'events';
import http from 'http';
import type { ServerResponse } from 'http';
import type { Socket } from 'net';
import { ApiServer, startApiServer } from '../testing/apiServer';
import { Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';
import { connectRaw } from '../testing/rawClient';
import { startRawServer } from '../testing/rawServer';

const event = (name: string) =>
  `${JSON.stringify({ type: 'ADDED', object: { metadata: { name } } })}\n`;

function get(
  gateway: Gateway,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  agent?: http.Agent,
): http.ClientRequest {
  return http.get(`${gateway.portal.url}/api/kubernetes/proxy${path}`, {
    agent,
    headers: { authorization: userAuthorization(), ...headers },
  });
}

describe('streams', () => {
  let gateway: Gateway;
  let cluster: ApiServer;
  beforeAll(async () => {
    gateway = await startGateway();
    cluster = gateway.cluster;
  });
  afterAll(() => gateway.stop());

  it('brings a watch event at once to a client that accepts gzip', async () => {
    cluster.answer((_req, res) => {
      res.writeHead(200, { 'Content-Type': 'application/json' });
      res.write(event('first'));
    });
    const request = get(gateway, '/api/v1/pods?watch=true', {
      'accept-encoding': 'gzip, deflate, br',
    });
    const [response] = await once(request, 'response');
    const [chunk] = await once(response, 'data');
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(chunk.toString()).toBe(event('first'));
    request.destroy();
  });

  it('is in a portal that compresses its own answers', async () => {
    const response = await gateway.portal.fetch('/clusters', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
  });

  it('brings the head of a watch before its first event', async () => {
    cluster.answer((_req, res) => {
      res.writeHead(200);
      res.flushHeaders();
    });
    const request = get(gateway, '/api/v1/pods?watch=true');
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(200);
    request.destroy();
  });

  it(`passes the cluster's own compression on untouched`, async () => {
    const body = Buffer.from('not really gzip');
    cluster.answer((_req, res) => {
      res.writeHead(200, { 'Content-Encoding': 'gzip' });
      res.end(body);
    });
    const request = get(gateway, '/api', { 'accept-encoding': 'gzip' });
    const [response] = await once(request, 'response');
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(response, 'end');
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(Buffer.concat(chunks)).toEqual(body);
  });

  it('ends the request to the cluster when the client leaves a watch', async () => {
    cluster.answer((_req, res) => {
      res.writeHead(200);
      res.write(event('first'));
    });
    const arrived = cluster.nextRequest();
    const request = get(gateway, '/api/v1/pods?watch=true');
    const [response] = await once(request, 'response');
    await once(response, 'data');
    request.destroy();
    await expect((await arrived).closed).resolves.toBeDefined();
  });

  it('ends the request to the cluster when the client leaves before the answer', async () => {
    cluster.answer(() => {});
    const arrived = cluster.nextRequest();
    const request = get(gateway, '/slow');
    request.on('error', () => {});
    const received = await arrived;
    request.destroy();
    await expect(received.closed).resolves.toBeDefined();
  });

  it('ends the request to the cluster when the client leaves in mid-upload', async () => {
    cluster.answer(() => {});
    const arrived = cluster.nextRequest();
    const client = await connectRaw(gateway.portal.port);
    client.send(
      `POST /api/kubernetes/proxy/upload HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    const received = await arrived;
    client.socket.destroy();
    await expect(received.closed).resolves.toBeDefined();
  });

  it('ends the answer with an error when the cluster dies in the middle', async () => {
    cluster.answer((req, res) => {
      res.writeHead(200);
      res.write('half');
      res.once('drain', () => req.socket.destroy());
      setImmediate(() => req.socket.destroy());
    });
    const response = await gateway.portal.fetch('/proxy/dies');
    await expect(response.text()).rejects.toThrow();
  });

  it('ends the answer with an error when less comes than was announced', async () => {
    cluster.answer((req, res) => {
      res.writeHead(200, { 'Content-Length': '100' });
      res.write('half');
      setImmediate(() => req.socket.end());
    });
    const response = await gateway.portal.fetch('/proxy/dies');
    await expect(response.text()).rejects.toThrow();
  });

  it('makes the cluster wait for a slow reader', async () => {
    const limit = 64 * 1024 * 1024;
    let written = 0;
    let stalled!: () => void;
    const stall = new Promise<void>(resolve => {
      stalled = resolve;
    });
    cluster.answer((_req, res: ServerResponse) => {
      const chunk = Buffer.alloc(64 * 1024);
      const push = () => {
        while (written < limit) {
          written += chunk.length;
          if (!res.write(chunk)) {
            // Nothing drains within a second: the chain is full.
            const timer = setTimeout(stalled, 1_000);
            res.once('drain', () => {
              clearTimeout(timer);
              push();
            });
            return;
          }
        }
        stalled();
      };
      push();
    });
    const request = get(gateway, '/large');
    const [response] = await once(request, 'response');
    response.pause();
    await stall;
    expect(written).toBeLessThan(limit / 2);
    request.destroy();
  });

  it(`keeps the client's own connection alive between requests`, async () => {
    cluster.answer((_req, res) => res.end('{}'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const accepted = once(gateway.portal.server, 'connection');
    const listeners = new Set<number>();
    for (let i = 0; i < 5; i++) {
      const request = get(gateway, '/api', {}, agent);
      const [response] = await once(request, 'response');
      sockets.add(request.socket);
      response.resume();
      await once(response, 'end');
      const [socket] = (await accepted) as [Socket];
      listeners.add(
        socket
          .eventNames()
          .reduce((sum, name) => sum + socket.listenerCount(name), 0),
      );
    }
    expect(sockets.size).toBe(1);
    // Nothing of a request stays on a connection that outlives it.
    expect(listeners.size).toBe(1);
    agent.destroy();
  });

  it(`closes the client's connection when the client asks for it`, async () => {
    const client = await connectRaw(gateway.portal.port);
    client.send(
      `GET /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nConnection: close\r\n\r\n`,
    );
    expect(await client.end()).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a cluster that breaks HTTP', () => {
  it.each([
    [
      'a malformed chunk ends the answer with an error',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nZZ\r\n',
    ],
    [
      'a chunked answer without end ends the answer with an error',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    ],
  ])('%s', async (_, bytes) => {
    const cluster = await startRawServer(socket => {
      socket.once('data', () => socket.end(bytes));
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await gateway.stop();
    await cluster.close();
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9\r\n'],
    ['an answer cut off in its head', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['nothing', ''],
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ],
    [
      'a head without end',
      `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n`,
    ],
    [
      'a header with a control character',
      'HTTP/1.1 200 OK\r\nX-Bad: a\u0001b\r\nContent-Length: 0\r\n\r\n',
    ],
    [
      'both a length and a coding',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('%s is a 502', async (_, bytes) => {
    const cluster = await startRawServer(socket => {
      socket.once('data', () => socket.end(bytes));
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      kind: 'Status',
      error: { name: 'BadGatewayError' },
    });
    await gateway.stop();
    await cluster.close();
  });
});

describe('a reason phrase with a control character', () => {
  it('is left out of an answer that is relayed otherwise', async () => {
    const cluster = await startRawServer(socket => {
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 O\u0001K\r\nContent-Length: 4\r\n\r\nbody'),
      );
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('body');
    await gateway.stop();
    await cluster.close();
  });
});

describe('many clusters', () => {
  it('leave no listeners behind on the server of the portal', async () => {
    const cluster = await startApiServer();
    const others = Array.from({ length: 12 }, (_, i) => ({
      name: `other-${i}`,
      url: cluster.url,
      authProvider: 'localKubectlProxy',
    }));
    const gateway = await startGateway({ others });
    const { server } = gateway.portal;
    await (await gateway.portal.fetch('/clusters/one/proxy/api')).text();
    const before = server.listenerCount('close');
    for (const { name } of others) {
      await (await gateway.portal.fetch(`/clusters/${name}/proxy/api`)).text();
    }
    expect(server.listenerCount('close')).toBe(before);
    await gateway.stop();
    await cluster.close();
  });
});

import { once } from 'events';
import net from 'net';
import { Gateway, startGateway } from '../testing/gateway';
import { startDeafServer } from '../testing/deafServer';
import { startRawServer } from '../testing/rawServer';

const localKubectlProxy = { authProvider: 'localKubectlProxy' };

async function unusedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('an error of the gateway', () => {
  let gateway: Gateway;
  let port: number;
  beforeAll(async () => {
    port = await unusedPort();
    gateway = await startGateway({
      others: [
        {
          name: 'refused',
          url: `https://127.0.0.1:${port}`,
          ...localKubectlProxy,
        },
        {
          name: 'unknown-host',
          url: 'https://no-such-host.invalid',
          ...localKubectlProxy,
        },
        { name: 'plain', url: `http://127.0.0.1:1`, ...localKubectlProxy },
      ],
    });
  });
  afterAll(() => gateway.stop());

  it.each([
    ['one', 'unknown', 404, 'NotFound', `Cluster 'unknown' not found`],
    ['a refused connection', 'refused', 502, 'BadGateway', /refused/],
    [
      'an unknown host',
      'unknown-host',
      503,
      'ServiceUnavailable',
      /cannot be resolved/,
    ],
  ])(
    'for %s is understood by Backstage and by Kubernetes clients',
    async (_, cluster, code, reason, message) => {
      const response = await gateway.portal.fetch(
        `/clusters/${cluster}/proxy/api/v1/pods?secret=query`,
      );
      expect(response.status).toBe(code);
      const body = await response.json();
      const id = body.request.id;
      expect(body).toEqual({
        error: {
          name: `${reason}Error`,
          message: expect.stringMatching(message),
        },
        request: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          method: 'GET',
          url: `/clusters/${cluster}/proxy/api/v1/pods`,
        },
        response: { statusCode: code },
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: body.error.message,
        reason,
        details: {
          causes: [{ reason: 'BackstageGateway', message: `request id ${id}` }],
        },
        code,
      });
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|secret|\.invalid/);
      expect(JSON.stringify(body)).not.toContain(String(port));
    },
  );

  it('is logged once, with the id of the request and no address', async () => {
    gateway.portal.log.length = 0;
    const response = await gateway.portal.fetch(
      '/clusters/refused/proxy/api?secret=query',
    );
    const { request } = await response.json();
    const lines = gateway.portal.log.filter(
      ({ meta, level }) => level !== 'info' && !meta.isAuditEvent,
    );
    expect(lines).toEqual([
      {
        level: 'warn',
        message: expect.stringContaining(`Cluster 'refused' request error`),
        meta: expect.objectContaining({
          requestId: request.id,
          code: 'ECONNREFUSED',
        }),
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/127\.0\.0\.1|secret/);
  });

  it(`is not made of what the API server answered`, async () => {
    const status = {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      code: 403,
    };
    gateway.cluster.answer((_req, res) => {
      res.writeHead(403, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify(status));
    });
    const response = await gateway.portal.fetch('/clusters/one/proxy/api');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual(status);
  });

  it('has no body for HEAD', async () => {
    const response = await gateway.portal.fetch('/clusters/refused/proxy/api', {
      method: 'HEAD',
    });
    expect(response.status).toBe(502);
    expect(await response.text()).toBe('');
  });
});

describe('deadlines', () => {
  async function failure(gateway: Gateway) {
    const response = await gateway.portal.fetch('/proxy/api');
    return { status: response.status, body: await response.json() };
  }

  it('end a connection that is never accepted', async () => {
    const cluster = await startDeafServer();
    const gateway = await startGateway({
      settings: { url: `https://127.0.0.1:${cluster.port}` },
      proxy: { connectTimeout: { milliseconds: 300 } },
    });
    const { status, body } = await failure(gateway);
    expect(status).toBe(504);
    expect(body.message).toBe(
      `Cluster 'one' request error; no connection in time`,
    );
    await gateway.stop();
    await cluster.close();
  });

  it('end a TLS handshake that stalls', async () => {
    const cluster = await startRawServer(() => {});
    const gateway = await startGateway({
      settings: { url: cluster.url.replace('http:', 'https:') },
      proxy: { connectTimeout: { milliseconds: 200 } },
    });
    const { status, body } = await failure(gateway);
    expect(status).toBe(504);
    expect(body).toMatchObject({
      error: {
        name: 'GatewayTimeoutError',
        message: `Cluster 'one' request error; no connection in time`,
      },
      reason: 'Timeout',
    });
    await gateway.stop();
    await cluster.close();
  });

  it('end a request whose answer never comes, and its connection', async () => {
    const gateway = await startGateway({
      proxy: { responseTimeout: { milliseconds: 200 } },
    });
    gateway.cluster.answer(() => {});
    const arrived = gateway.cluster.nextRequest();
    const { status, body } = await failure(gateway);
    expect(status).toBe(504);
    expect(body.message).toBe(`Cluster 'one' request error; no answer in time`);
    expect(await (await arrived).closed).toBeDefined();
    await gateway.stop();
  });

  it('leave a slow upload alone', async () => {
    const gateway = await startGateway({
      proxy: { responseTimeout: { milliseconds: 200 } },
    });
    let finish!: () => void;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('first'));
        finish = () => {
          controller.enqueue(Buffer.from('last'));
          controller.close();
        };
      },
    });
    setTimeout(() => finish(), 500);
    const response = await gateway.portal.fetch('/proxy/api', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(200);
    expect(await gateway.cluster.requests[0].body).toBe('firstlast');
    await gateway.stop();
  });

  it('leave a stream that has begun alone', async () => {
    const gateway = await startGateway({
      proxy: {
        responseTimeout: { milliseconds: 100 },
        connectTimeout: { milliseconds: 1_000 },
      },
    });
    gateway.cluster.answer((_req, res) => {
      res.write('first ');
      setTimeout(() => res.end('last'), 400);
    });
    const response = await gateway.portal.fetch('/proxy/api?watch=true');
    expect(await response.text()).toBe('first last');
    await gateway.stop();
  });
});

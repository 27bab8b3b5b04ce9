import { CLUSTER_TOKEN, Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';
import { connectRaw } from '../testing/rawClient';

/** Sends a request with exactly these header lines and gives back the answer's text. */
async function send(
  gateway: Gateway,
  lines: string[],
  target = '/api/kubernetes/proxy/api',
  method = 'GET',
): Promise<string> {
  const client = await connectRaw(gateway.portal.port);
  client.send(
    [
      `${method} ${target} HTTP/1.1`,
      'Host: portal.example',
      `Authorization: ${userAuthorization()}`,
      ...lines,
      'Connection: close',
      '',
      '',
    ].join('\r\n'),
  );
  return client.end();
}

describe('headers on their way to a cluster', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.cluster.requests.length = 0;
  });
  afterAll(() => gateway.stop());

  async function received(lines: string[]): Promise<string[]> {
    expect(await send(gateway, lines)).toMatch(/^HTTP\/1\.1 200 /);
    return gateway.cluster.requests[0].rawHeaders.map(text =>
      text.toLowerCase(),
    );
  }

  it('are these and no others', async () => {
    const authority = new URL(gateway.cluster.url).host;
    expect(
      await received([
        'Accept: application/json',
        'Cookie: backstage-auth=secret',
        'Backstage-Kubernetes-Cluster: one',
        'Backstage-Kubernetes-Authorization-google: other provider',
        'X-Forwarded-For: 1.2.3.4',
        'X-Remote-User: admin',
        'Proxy-Authorization: Basic x',
        'TE: trailers',
        'X-Custom: kept',
      ]),
    ).toEqual([
      'accept',
      'application/json',
      'x-custom',
      'kept',
      'host',
      authority,
      'authorization',
      `bearer ${CLUSTER_TOKEN}`,
      'connection',
      'keep-alive',
    ]);
  });

  it.each([
    'X-Remote-User: admin',
    'x_remote_user: admin',
    'X-Remote-Group: system:masters',
    'X-Remote-Extra-scopes: all',
    'Cookie: admin',
    'Forwarded: for=admin',
    'X-Forwarded-For: admin',
    'X_FORWARDED_HOST: admin',
    'X-Real-IP: admin',
    'Backstage_Kubernetes_Cluster: admin',
    'BACKSTAGE-TOKEN: admin',
    'Proxy-Connection: admin',
    'Keep-Alive: admin',
  ])('leave out %s', async line => {
    expect(await received([line])).not.toContain('admin');
  });

  it('keep our identity when Connection names it', async () => {
    const headers = await received([
      'Connection: Authorization, Impersonate-User, X-Drop, Host',
      'X-Drop: dropped',
    ]);
    expect(headers).toContain(`bearer ${CLUSTER_TOKEN}`);
    expect(headers).not.toContain('dropped');
  });

  it.each(
    ['User', 'Group', 'Uid', 'Extra-scopes'].flatMap(what => [
      `Impersonate-${what}`,
      `impersonate-${what.toLowerCase()}`,
      `IMPERSONATE-${what.toUpperCase()}`,
      `Impersonate_${what.replaceAll('-', '_')}`,
    ]),
  )('refuse %s, once and twice', async name => {
    for (const lines of [[`${name}: a`], [`${name}: a`, `${name}: b`]]) {
      expect(await send(gateway, lines)).toMatch(/^HTTP\/1\.1 403 /);
    }
    expect(gateway.cluster.requests).toEqual([]);
  });

  it.each([
    'Backstage-Kubernetes-Cluster: one',
    'Backstage-Kubernetes-Authorization: Bearer a',
    'Authorization: Bearer b',
    'backstage-kubernetes-authorization-google: a',
  ])('refuse a second %s', async line => {
    expect(await send(gateway, [line, line])).toMatch(/^HTTP\/1\.1 400 /);
    expect(gateway.cluster.requests).toEqual([]);
  });

  it('refuse a header and a path that name different clusters', async () => {
    const path = '/api/kubernetes/clusters/one/proxy/api';
    expect(
      await send(gateway, ['Backstage-Kubernetes-Cluster: two'], path),
    ).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await send(gateway, ['Backstage-Kubernetes-Cluster: one'], path),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('are not echoed by TRACE', async () => {
    expect(
      await send(gateway, [], '/api/kubernetes/proxy/api', 'TRACE'),
    ).toMatch(/^HTTP\/1\.1 501 /);
    expect(gateway.cluster.requests).toEqual([]);
  });

  it.each([
    ['Upgrade: websocket', 501],
    ['Upgrade: SPDY/3.1', 501],
    ['Upgrade: h2c', 200],
  ])('answer %s with %i', async (line, status) => {
    expect(await send(gateway, ['Connection: Upgrade', line])).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} `),
    );
  });
});

describe('headers that the operator lets through', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({
      proxy: {
        forwardHeaders: ['X-Forwarded-For'],
        dangerouslyForwardImpersonationHeaders: true,
      },
    });
  });
  afterAll(() => gateway.stop());

  it('reach the cluster, and theirs alone', async () => {
    expect(
      await send(gateway, [
        'X-Forwarded-For: 1.2.3.4',
        'X-Forwarded-Host: portal',
        'Impersonate-User: bob',
        'Impersonate-Group: a',
        'Impersonate-Group: b',
      ]),
    ).toMatch(/^HTTP\/1\.1 200 /);
    const [{ headers, rawHeaders }] = gateway.cluster.requests;
    expect(headers).toMatchObject({
      'x-forwarded-for': '1.2.3.4',
      'impersonate-user': 'bob',
      authorization: `Bearer ${CLUSTER_TOKEN}`,
    });
    expect(headers).not.toHaveProperty('x-forwarded-host');
    expect(rawHeaders.filter(h => h === 'a' || h === 'b')).toEqual(['a', 'b']);
  });
});

describe('headers on their way to the browser', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.stop());

  it('leave out what a cluster must not tell a browser of the portal', async () => {
    gateway.cluster.answer((_req, res) => {
      res.writeHead(200, {
        'Content-Type': 'text/plain',
        'Set-Cookie': ['backstage-auth=stolen', 'b=c'],
        'Access-Control-Allow-Origin': 'https://evil.example',
        'Access-Control-Allow-Credentials': 'true',
        'Clear-Site-Data': '"*"',
        'Service-Worker-Allowed': '/',
        'Content-Security-Policy': `default-src *`,
        'Audit-Id': 'kept',
        Connection: 'X-Hop',
        'X-Hop': 'dropped',
        Warning: ['299 - "one"', '299 - "two"'],
      });
      res.end('body');
    });
    const { headers } = await gateway.portal.fetch('/proxy/api');
    expect([...headers.keys()]).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(set-cookie|clear-site-data|x-hop)$/),
      ]),
    );
    expect(headers.get('access-control-allow-origin')).not.toBe(
      'https://evil.example',
    );
    expect(headers.has('service-worker-allowed')).toBe(false);
    expect(headers.get('content-security-policy')).not.toBe('default-src *');
    expect(headers.get('audit-id')).toBe('kept');
    expect(headers.get('warning')).toBe('299 - "one", 299 - "two"');
  });

  it(`relay the cluster's status and reason, whatever they are`, async () => {
    gateway.cluster.answer((_req, res) => {
      res.writeHead(299, 'Quite Fine');
      res.end('body');
    });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(299);
    expect(response.statusText).toBe('Quite Fine');
    expect(await response.text()).toBe('body');
  });

  it.each([
    ['/proxy', '/api/v1/x/', '/api/kubernetes/proxy/api/v1/x/'],
    [
      '/clusters/one/proxy',
      '/api/v1/x/',
      '/api/kubernetes/clusters/one/proxy/api/v1/x/',
    ],
    ['/proxy', './y?z', '/api/kubernetes/proxy/y?z'],
  ])(
    'lead a redirect on %s to %s back to %s',
    async (surface, to, expected) => {
      gateway.cluster.answer((_req, res) => {
        res.writeHead(301, { Location: to });
        res.end();
      });
      const response = await gateway.portal.fetch(`${surface}/x`);
      expect(response.status).toBe(301);
      expect(response.headers.get('location')).toBe(expected);
    },
  );

  it.each([
    'http://169.254.169.254/latest/meta-data',
    '//evil.example',
    '/\\evil.example',
  ])('fail a redirect to %s', async to => {
    gateway.cluster.answer((_req, res) => {
      res.writeHead(302, { Location: to });
      res.write('<a href="there">');
      setImmediate(() => res.end('there</a>'));
    });
    const response = await gateway.portal.fetch('/proxy/x');
    expect(response.status).toBe(502);
    expect(response.headers.has('location')).toBe(false);
    expect(await response.text()).not.toMatch(/169\.254|evil|there/);
  });
});

import { Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';
import { connectRaw } from '../testing/rawClient';

async function send(gateway: Gateway, target: string): Promise<string> {
  const client = await connectRaw(gateway.portal.port);
  client.send(
    `GET ${target} HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nConnection: close\r\n\r\n`,
  );
  return client.end();
}

const surfaces = [
  '/api/kubernetes/proxy',
  '/api/kubernetes/clusters/one/proxy',
];

describe.each(surfaces)('a path on %s', surface => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.cluster.requests.length = 0;
  });
  afterAll(() => gateway.stop());

  it.each([
    '/',
    '/api/v1/namespaces',
    '/api/v1//namespaces/',
    '//api//v1',
    '///',
    '//[/api',
    '//host.example/api',
    '/api/v1/pods?watch=true&labelSelector=a%3Db,c',
    '/api/v1/pods?a=?b&c=/../d',
    '/api/v1/namespaces/a/services/https:b:443/proxy/x%2Fy//z?q=%20',
    '/apis/x.example/v1/things/n%20m',
    '/%C3%A9',
    "/~!$&'()*+,;=:@",
  ])('arrives byte for byte: %s', async path => {
    expect(await send(gateway, `${surface}${path}`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(gateway.cluster.requests.map(({ url }) => url)).toEqual([path]);
  });

  it('is the root when there is none', async () => {
    await send(gateway, surface);
    await send(gateway, `${surface}?a=b`);
    expect(gateway.cluster.requests.map(({ url }) => url)).toEqual([
      '/',
      '/?a=b',
    ]);
  });

  it('is refused when it is a whole URL', async () => {
    expect(
      await send(gateway, `http://portal${surface}/api/v1/namespaces`),
    ).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(gateway.cluster.requests).toEqual([]);
  });

  it.each([
    '/api/v1/../secrets',
    '/..',
    '/api/v1/.',
    '/api/v1/%2e%2e/secrets',
    '/api/v1/%2E./secrets',
    '/api/v1/namespaces/a%2Fsecrets',
    '/api/v1/namespaces/a%5c..%5cb',
    '/api/v1\\..\\x',
    '/api/v1/pods%00',
    '/api/v1/%zz',
    '/api/v1/namespaces/a/services/b/proxy/../../../secrets',
    '/api/v1/namespaces/a/services/b/proxy/x%2f..%2f..',
  ])('is refused: %s', async path => {
    expect(await send(gateway, `${surface}${path}`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(gateway.cluster.requests).toEqual([]);
  });
});

describe('a cluster whose URL has a path', () => {
  it.each([
    ['/k8s/clusters/c-1', '/k8s/clusters/c-1/api?x'],
    ['/k8s/clusters/c-1/', '/k8s/clusters/c-1/api?x'],
    ['/?ignored=1#too', '/api?x'],
  ])('%s keeps it', async (base, expected) => {
    const gateway = await startGateway();
    await gateway.stop();
    const other = await startGateway({
      others: [
        {
          name: 'based',
          url: `${gateway.cluster.url}${base}`,
          authProvider: 'localKubectlProxy',
          skipTLSVerify: true,
        },
      ],
      cluster: { port: gateway.cluster.port, authority: gateway.authority },
    });
    await other.portal.fetch('/clusters/based/proxy/api?x');
    expect(other.cluster.requests[0].url).toBe(expected);
    await other.stop();
  });
});

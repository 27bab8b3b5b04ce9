import { once } from 'events';
import http from 'http';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
} from '@backstage/plugin-permission-node';
import { Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';

/** The policy that the documentation of the Kubernetes plugin gives as its example. */
class DenyAllProxyEndpointPolicy implements PermissionPolicy {
  async handle(request: PolicyQuery) {
    if (request.permission.name === 'kubernetes.proxy') {
      return { result: AuthorizeResult.DENY } as const;
    }
    return { result: AuthorizeResult.ALLOW } as const;
  }
}

/** Denies the permissions that a test puts into `denied`. */
class ChangingPolicy implements PermissionPolicy {
  readonly denied = new Set<string>();

  async handle({ permission }: PolicyQuery) {
    const result = this.denied.has(permission.name)
      ? AuthorizeResult.DENY
      : AuthorizeResult.ALLOW;
    return { result };
  }
}

const unauthorized = { name: 'NotAllowedError', message: 'Unauthorized' };
const serviceToken = { authorization: mockCredentials.service.header() };

describe('the sample policy, which denies kubernetes.proxy', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ policy: new DenyAllProxyEndpointPolicy() });
  });
  afterAll(() => gateway.stop());

  const surfaces: Array<[string, string, Record<string, string>]> = [
    ['a known cluster in the path', '/clusters/one/proxy', {}],
    ['an unknown cluster in the path', '/clusters/zz/proxy', {}],
    [
      'a known cluster in the header',
      '/proxy',
      { 'Backstage-Kubernetes-Cluster': 'one' },
    ],
    [
      'an unknown cluster in the header',
      '/proxy',
      { 'Backstage-Kubernetes-Cluster': 'zz' },
    ],
    ['no cluster', '/proxy', {}],
  ];

  it.each(surfaces)('answers 403 for %s', async (_, surface, headers) => {
    const response = await gateway.portal.fetch(`${surface}/api/v1/pods`, {
      headers,
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: unauthorized,
      response: { statusCode: 403 },
      kind: 'Status',
      reason: 'Forbidden',
      code: 403,
    });
  });

  it.each(surfaces)(
    'answers 403 for every method to %s',
    async (...surface) => {
      const [, prefix, headers] = surface;
      const methods = ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
      const statuses = methods.map(async method => {
        const { status } = await gateway.portal.fetch(`${prefix}/api/v1/pods`, {
          method,
          headers,
        });
        return status;
      });
      await expect(Promise.all(statuses)).resolves.toEqual(
        methods.map(() => 403),
      );
    },
  );

  it.each(surfaces)(
    `answers 403 to the caller's own cluster token for %s`,
    async (_, surface, headers) => {
      const response = await gateway.portal.fetch(`${surface}/api/v1/pods`, {
        headers: {
          ...headers,
          'Backstage-Kubernetes-Authorization': 'Bearer valid',
        },
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: unauthorized });
    },
  );

  it.each(['websocket', 'SPDY/3.1'])(
    'answers 403 to an upgrade to %s',
    async protocol => {
      const request = http.get(
        `${gateway.portal.url}/api/kubernetes/clusters/one/proxy/api/v1/namespaces/a/pods/b/exec`,
        {
          headers: {
            authorization: userAuthorization(),
            connection: 'Upgrade',
            upgrade: protocol,
          },
        },
      );
      const [response] = await once(request, 'response');
      response.resume();
      expect(response.statusCode).toBe(403);
    },
  );

  it('says the same of clusters that exist and of those that do not', async () => {
    const answers = ['one', 'zz', '__proto__'].map(async cluster => {
      const response = await gateway.portal.fetch(
        `/clusters/${cluster}/proxy/api/v1/pods`,
      );
      const body = await response.text();
      const { id } = JSON.parse(body).request;
      return {
        status: response.status,
        headers: [...response.headers.keys()],
        body: body.replaceAll(id, 'ID').replaceAll(`/${cluster}/`, '/NAME/'),
      };
    });
    const [known, ...unknown] = await Promise.all(answers);
    expect(known.body).toContain('/NAME/');
    expect(unknown).toEqual([known, known]);
  });

  it('does not even say whether an impersonation would be refused', async () => {
    const response = await gateway.portal.fetch('/proxy/api', {
      headers: { 'Impersonate-User': 'admin' },
    });
    expect(await response.json()).toMatchObject({ error: unauthorized });
  });

  it('leaves the list of clusters alone', async () => {
    expect((await gateway.portal.fetch('/clusters')).status).toBe(200);
  });

  it('lets services through, which the framework decides about itself', async () => {
    const arrived = gateway.cluster.nextRequest();
    const response = await gateway.portal.fetch('/proxy/api', {
      headers: serviceToken,
    });
    expect(response.status).toBe(200);
    expect((await arrived).url).toBe('/api');
  });
});

describe('a denied request', () => {
  it('never reaches the cluster', async () => {
    const gateway = await startGateway({
      policy: new DenyAllProxyEndpointPolicy(),
    });
    const attempts = ['GET', 'HEAD', 'POST', 'DELETE'].map(async method => {
      const { status } = await gateway.portal.fetch('/proxy/api/v1/pods', {
        method,
        headers: { 'Backstage-Kubernetes-Authorization': 'Bearer valid' },
      });
      return status;
    });
    expect(await Promise.all(attempts)).toEqual([403, 403, 403, 403]);
    expect(gateway.cluster.requests).toEqual([]);
    expect(gateway.cluster.accepted).toBe(0);
    await gateway.stop();
  });
});

describe('a policy that changes its mind', () => {
  const read = (gateway: Gateway) => gateway.portal.fetch('/proxy/api/v1/pods');
  const write = (gateway: Gateway) =>
    gateway.portal.fetch('/proxy/api/v1/pods', { method: 'POST', body: '{}' });

  it('denies the next read without the cache', async () => {
    const policy = new ChangingPolicy();
    const gateway = await startGateway({
      policy,
      proxy: { permissionCacheTtl: { seconds: 0 } },
    });
    expect((await read(gateway)).status).toBe(200);
    policy.denied.add('kubernetes.proxy');
    expect((await read(gateway)).status).toBe(403);
    expect(gateway.cluster.requests).toHaveLength(1);
    await gateway.stop();
  });

  it('denies the next write at once, while a read may still be kept', async () => {
    const policy = new ChangingPolicy();
    const gateway = await startGateway({
      policy,
      proxy: { permissionCacheTtl: { minutes: 1 } },
    });
    expect((await read(gateway)).status).toBe(200);
    expect((await write(gateway)).status).toBe(200);
    policy.denied.add('kubernetes.proxy');
    expect((await read(gateway)).status).toBe(200);
    expect((await write(gateway)).status).toBe(403);
    const methods = gateway.cluster.requests.map(({ method }) => method);
    expect(methods).toEqual(['GET', 'POST', 'GET']);
    await gateway.stop();
  });

  it('allows the next read of a caller who was denied', async () => {
    const policy = new ChangingPolicy();
    policy.denied.add('kubernetes.proxy');
    const gateway = await startGateway({ policy });
    expect((await read(gateway)).status).toBe(403);
    policy.denied.clear();
    expect((await read(gateway)).status).toBe(200);
    await gateway.stop();
  });
});

describe('a caller who is not signed in', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ policy: new ChangingPolicy() });
  });
  afterAll(() => gateway.stop());

  it.each([
    ['without a token', {}],
    [
      'with an invalid token',
      { authorization: mockCredentials.user.invalidHeader() },
    ],
    [
      'with a cookie alone',
      { cookie: mockCredentials.limitedUser.cookie('user:default/mock') },
    ],
  ])('gets 401 %s', async (_, headers: Record<string, string>) => {
    for (const path of ['/proxy/api', '/clusters/one/proxy/api']) {
      const response = await fetch(
        `${gateway.portal.url}/api/kubernetes${path}`,
        {
          headers: {
            ...headers,
            'Backstage-Kubernetes-Authorization': 'Bearer valid',
          },
        },
      );
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        error: { name: 'AuthenticationError' },
      });
    }
    expect(gateway.cluster.accepted).toBe(0);
  });
});

describe('kubernetes.clusters.read', () => {
  const policy = new ChangingPolicy();
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ policy });
  });
  beforeEach(() => policy.denied.clear());
  afterAll(() => gateway.stop());

  it('lists the clusters when it is allowed', async () => {
    policy.denied.add('kubernetes.proxy');
    const response = await gateway.portal.fetch('/clusters');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ items: [{ name: 'one' }] });
  });

  it(`answers 403 with Backstage's own body when it is denied`, async () => {
    policy.denied.add('kubernetes.clusters.read');
    const response = await gateway.portal.fetch('/clusters');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      error: expect.objectContaining(unauthorized),
      request: { method: 'GET', url: '/clusters' },
      response: { statusCode: 403 },
    });
  });

  it('is not what the proxy asks for', async () => {
    policy.denied.add('kubernetes.clusters.read');
    expect((await gateway.portal.fetch('/proxy/api')).status).toBe(200);
  });
});

describe('the metadata of permissions', () => {
  it('lists those of the stock plugin', async () => {
    const gateway = await startGateway({
      policy: new DenyAllProxyEndpointPolicy(),
    });
    const response = await gateway.portal.fetch(
      '/.well-known/backstage/permissions/metadata',
      { headers: serviceToken },
    );
    expect(response.status).toBe(200);
    const { permissions, rules } = await response.json();
    expect(permissions.map(({ name }: { name: string }) => name)).toEqual([
      'kubernetes.proxy',
      'kubernetes.resources.read',
      'kubernetes.clusters.read',
    ]);
    expect(rules).toEqual([]);
    await gateway.stop();
  });
});

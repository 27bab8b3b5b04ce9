import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { kubernetesProxyPermission } from '@backstage/plugin-kubernetes-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { parseRequest } from '../request/parseRequest';
import type { GatewayRequest } from './authorizedRequest';
import { createProxyAuthorizer } from './proxyAuthorizer';

const TTL = 5_000;
const POD = '/api/v1/namespaces/default/pods/web';
const UPGRADE = ['Connection', 'Upgrade', 'Upgrade', 'websocket'];

interface Ask {
  credentials?: BackstageCredentials;
  method?: string;
  url?: string;
  rawHeaders?: string[];
}

function request({
  credentials = mockCredentials.user(),
  method = 'GET',
  url = '/api/v1/pods',
  rawHeaders = [],
}: Ask = {}): GatewayRequest {
  return {
    ...parseRequest({ method, url, rawHeaders }),
    caller: { credentials },
  };
}

function setUp(cacheTtl = TTL) {
  const permissions = mockServices.permissions.mock();
  const decide = (result: AuthorizeResult.ALLOW | AuthorizeResult.DENY) =>
    permissions.authorize.mockResolvedValue([{ result }]);
  decide(AuthorizeResult.ALLOW);
  const authorizer = createProxyAuthorizer({ permissions, cacheTtl });
  return {
    asked: permissions.authorize,
    allow: () => decide(AuthorizeResult.ALLOW),
    deny: () => decide(AuthorizeResult.DENY),
    authorize: (ask?: Ask) => authorizer.authorize(request(ask)),
  };
}

const unauthorized = { name: 'NotAllowedError', message: 'Unauthorized' };

beforeEach(() => {
  // The cache holds on to the `performance` that it finds when it is loaded, so that one follows the fake clock.
  jest.useFakeTimers({ doNotFake: ['performance'] });
  jest.spyOn(performance, 'now').mockImplementation(() => Date.now());
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('createProxyAuthorizer', () => {
  it(`asks for kubernetes.proxy with the caller's credentials`, async () => {
    const { authorize, asked } = setUp();
    const credentials = mockCredentials.user('user:default/ann');
    await authorize({ credentials });
    expect(asked.mock.calls).toEqual([
      [[{ permission: kubernetesProxyPermission }], { credentials }],
    ]);
  });

  it('returns the request that is allowed', async () => {
    const permissions = mockServices.permissions.mock();
    permissions.authorize.mockResolvedValue([
      { result: AuthorizeResult.ALLOW },
    ]);
    const authorizer = createProxyAuthorizer({ permissions, cacheTtl: TTL });
    const asked = request();
    await expect(authorizer.authorize(asked)).resolves.toBe(asked);
  });

  it.each(['GET', 'POST'])('throws for a %s that is denied', async method => {
    const { authorize, deny } = setUp();
    deny();
    await expect(authorize({ method })).rejects.toMatchObject(unauthorized);
  });

  it('throws what the permission framework throws', async () => {
    const { authorize, asked } = setUp();
    asked.mockRejectedValue(new Error('no permission backend'));
    await expect(authorize()).rejects.toThrow('no permission backend');
  });
});

describe('an ALLOW', () => {
  it.each([
    ['another read', {}],
    ['a HEAD', { method: 'HEAD' }],
    ['a watch', { url: '/api/v1/pods?watch=true' }],
    [`a pod's log`, { url: `${POD}/log` }],
    ['a read of another namespace', { url: '/api/v1/namespaces/b/pods' }],
    ['a read of what is no resource', { url: '/version' }],
    [
      'an upgrade that Connection does not name',
      { rawHeaders: UPGRADE.slice(2) },
    ],
  ])('holds for %s of the same user', async (_, ask) => {
    const { authorize, asked } = setUp();
    await authorize();
    await authorize(ask);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('holds for the time to live and no longer', async () => {
    const { authorize, asked } = setUp();
    await authorize();
    jest.advanceTimersByTime(TTL - 1);
    await authorize();
    expect(asked).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(2);
    await authorize();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is not prolonged by its use', async () => {
    const { authorize, asked } = setUp();
    await authorize();
    for (let elapsed = 0; elapsed <= TTL; elapsed += 1_000) {
      jest.advanceTimersByTime(1_000);
      await authorize();
    }
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is not kept with a time to live of 0', async () => {
    const { authorize, asked } = setUp(0);
    await authorize();
    await authorize();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['another user', mockCredentials.user('user:default/ben')],
    [
      'a service that acts for the same user',
      mockCredentials.user('user:default/ann', {
        actor: { subject: 'plugin:a' },
      }),
    ],
    ['a service', mockCredentials.service('user:default/ann')],
    ['nobody', mockCredentials.none()],
  ])('does not hold for %s', async (_, credentials) => {
    const { authorize, asked } = setUp();
    await authorize({ credentials: mockCredentials.user('user:default/ann') });
    await authorize({ credentials });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('does not hold for another service that acts for the same user', async () => {
    const { authorize, asked } = setUp();
    for (const subject of ['plugin:a', 'plugin:b', 'plugin:a']) {
      const actor = { subject };
      await authorize({
        credentials: mockCredentials.user('user:default/ann', { actor }),
      });
    }
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['a service', mockCredentials.service('external:ci')],
    ['nobody', mockCredentials.none()],
  ])('is not kept for %s', async (_, credentials) => {
    const { authorize, asked } = setUp();
    await authorize({ credentials });
    await authorize({ credentials });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it.each<[string, Ask]>([
    ['a POST', { method: 'POST' }],
    ['a PUT', { method: 'PUT', url: POD }],
    ['a PATCH', { method: 'PATCH', url: POD }],
    ['a DELETE', { method: 'DELETE', url: POD }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['an unknown method', { method: 'PROPFIND' }],
    ['an upgrade', { rawHeaders: UPGRADE }],
    [
      'an upgrade to SPDY',
      { rawHeaders: [...UPGRADE.slice(0, 3), 'SPDY/3.1'] },
    ],
    ['exec', { url: `${POD}/exec?command=sh` }],
    ['attach', { url: `${POD}/attach` }],
    ['portforward', { url: `${POD}/portforward` }],
    [`a pod's proxy`, { url: `${POD}/proxy/` }],
    [`a service's proxy`, { url: '/api/v1/namespaces/a/services/b/proxy/c' }],
    [`a node's proxy`, { url: '/api/v1/nodes/one/proxy/run' }],
    ['the legacy proxy', { url: '/api/v1/proxy/namespaces/a/services/b' }],
    ['an escaped exec', { url: `${POD}/%65xec` }],
    ['a path with an empty segment', { url: '/api/v1//pods' }],
  ])('is neither used nor kept for %s', async (_, ask) => {
    const { authorize, asked, deny } = setUp();
    await authorize(ask);
    await authorize();
    expect(asked).toHaveBeenCalledTimes(2);
    deny();
    await expect(authorize(ask)).rejects.toMatchObject(unauthorized);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('does not outlive the credentials', async () => {
    const { authorize, asked } = setUp();
    const credentials = {
      ...mockCredentials.user(),
      expiresAt: new Date(Date.now() + 1_000),
    };
    await authorize({ credentials });
    jest.advanceTimersByTime(999);
    await authorize({ credentials });
    expect(asked).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(2);
    await authorize({ credentials });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is not kept for credentials that have expired', async () => {
    const { authorize, asked } = setUp();
    const credentials = {
      ...mockCredentials.user(),
      expiresAt: new Date(Date.now()),
    };
    await authorize({ credentials });
    await authorize({ credentials });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('does not outlive the time to live for credentials that last longer', async () => {
    const { authorize, asked } = setUp();
    const credentials = {
      ...mockCredentials.user(),
      expiresAt: new Date(Date.now() + 60 * TTL),
    };
    await authorize({ credentials });
    jest.advanceTimersByTime(TTL + 1);
    await authorize({ credentials });
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe('any other answer is not kept:', () => {
  it('a DENY', async () => {
    const { authorize, allow, deny } = setUp();
    deny();
    await expect(authorize()).rejects.toMatchObject(unauthorized);
    allow();
    await expect(authorize()).resolves.toBeDefined();
  });

  it('an error', async () => {
    const { authorize, asked, allow } = setUp();
    asked.mockRejectedValue(new Error('no permission backend'));
    await expect(authorize()).rejects.toThrow('no permission backend');
    allow();
    await expect(authorize()).resolves.toBeDefined();
  });
});

describe('requests at the same time', () => {
  function heldBack() {
    const all = setUp();
    let answer!: (result: AuthorizeResult.ALLOW | AuthorizeResult.DENY) => void;
    all.asked.mockReturnValue(
      new Promise(resolve => {
        answer = result => resolve([{ result }]);
      }),
    );
    return {
      ...all,
      answer: (result: AuthorizeResult.ALLOW | AuthorizeResult.DENY) =>
        answer(result),
    };
  }

  it('share an ALLOW when they read', async () => {
    const { authorize, asked, answer } = heldBack();
    const all = [authorize(), authorize({ method: 'HEAD' }), authorize()];
    answer(AuthorizeResult.ALLOW);
    await expect(Promise.all(all)).resolves.toHaveLength(3);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('share a DENY when they read', async () => {
    const { authorize, asked, answer } = heldBack();
    const all = [authorize(), authorize()];
    answer(AuthorizeResult.DENY);
    await expect(Promise.allSettled(all)).resolves.toEqual([
      { status: 'rejected', reason: expect.objectContaining(unauthorized) },
      { status: 'rejected', reason: expect.objectContaining(unauthorized) },
    ]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('share nothing between users', async () => {
    const { authorize, asked, answer } = heldBack();
    const all = ['user:default/ann', 'user:default/ben'].map(user =>
      authorize({ credentials: mockCredentials.user(user) }),
    );
    answer(AuthorizeResult.ALLOW);
    await expect(Promise.all(all)).resolves.toHaveLength(2);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('ask each for itself when they write', async () => {
    const { authorize, asked, answer } = heldBack();
    const all = [authorize(), authorize({ method: 'POST' })];
    answer(AuthorizeResult.ALLOW);
    await expect(Promise.all(all)).resolves.toHaveLength(2);
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

import { EventEmitter, once } from 'events';
import http from 'http';
import { setImmediate } from 'timers/promises';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { CLUSTER_TOKEN, Gateway, startGateway } from '../testing/gateway';
import { Portal, userAuthorization } from '../testing/portal';

const CLUSTER = 'Backstage-Kubernetes-Cluster';
const denyAll = {
  handle: async () => ({ result: AuthorizeResult.DENY }) as const,
};
const refused = {
  name: 'refused',
  url: 'https://127.0.0.1:1',
  authProvider: 'localKubectlProxy',
};

/** The audit events of the plugin, as far as a request decides them. */
function auditEvents({ log }: Portal) {
  return log
    .filter(({ meta }) => meta.isAuditEvent && meta.plugin === 'kubernetes')
    .map(({ meta: { eventId, severityLevel, status, meta, error } }) => ({
      eventId,
      severityLevel,
      status,
      meta,
      ...(error !== undefined && { error }),
    }));
}

/** Settles when the next answers are over and what the plugin does at their end is done. */
async function nextAnswersOver({ server }: Portal, count = 1): Promise<void> {
  const responses: http.ServerResponse[] = [];
  while (responses.length < count) {
    const [, response] = await once(server, 'request');
    responses.push(response);
  }
  await Promise.all(
    responses.map(response => response.closed || once(response, 'close')),
  );
  await setImmediate();
}

async function send(
  gateway: Gateway,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; body: string }> {
  const over = nextAnswersOver(gateway.portal);
  const response = await gateway.portal.fetch(path, init);
  const answer = { status: response.status, body: await response.text() };
  await over;
  return answer;
}

/** All that was logged, less the host's own access log, which prints URLs. */
function loggedText({ log }: Portal): string {
  return JSON.stringify(
    log.filter(({ meta }) => meta.type !== 'incomingRequest'),
  );
}

function began(meta: object) {
  return {
    eventId: 'cluster-fetch',
    severityLevel: 'medium',
    status: 'initiated',
    meta: { queryType: 'proxy', ...meta },
  };
}

const ended = (meta: object) => ({ ...began(meta), status: 'succeeded' });

const failed = (meta: object, error: string) => ({
  ...began(meta),
  status: 'failed',
  error,
});

const POST_PODS = { clusterName: 'one', method: 'POST', path: '/api/v1/pods' };
const GET_PODS = { clusterName: 'one', method: 'GET', path: '/api/v1/pods' };

describe('the audit event of a proxied request', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ others: [refused] });
  });
  beforeEach(() => {
    gateway.portal.log.length = 0;
    gateway.cluster.answer((_req, res) => res.end('{}'));
  });
  afterAll(() => gateway.stop());

  it.each([
    ['path', '/clusters/one/proxy/api/v1/pods', {}],
    ['header', '/proxy/api/v1/pods', { [CLUSTER]: 'one' }],
  ])('begins and succeeds, for a cluster in the %s', async (...surface) => {
    const [, path, headers] = surface;
    await send(gateway, path, { method: 'POST', headers });
    expect(auditEvents(gateway.portal)).toEqual([
      began(POST_PODS),
      ended(POST_PODS),
    ]);
  });

  it('says who sent what, without the query', async () => {
    await send(gateway, '/clusters/one/proxy/api/v1/pods?limit=1', {
      headers: { 'user-agent': 'test-agent' },
    });
    const events = gateway.portal.log.filter(({ meta }) => meta.isAuditEvent);
    const expected = {
      message: 'kubernetes.cluster-fetch',
      meta: {
        actor: { actorId: 'user:default/mock', userAgent: 'test-agent' },
        request: {
          method: 'GET',
          url: '/api/kubernetes/clusters/one/proxy/api/v1/pods',
        },
      },
    };
    expect(events).toHaveLength(2);
    expect(events).toMatchObject([expected, expected]);
  });

  it.each([401, 403, 404, 500])(
    'fails when the cluster answers %i, which the client gets untouched',
    async status => {
      const body = JSON.stringify({ kind: 'Status', code: status });
      gateway.cluster.answer((_req, res) => res.writeHead(status).end(body));
      const answer = await send(gateway, '/clusters/one/proxy/api/v1/pods');
      expect(answer).toEqual({ status, body });
      expect(auditEvents(gateway.portal)).toEqual([
        began(GET_PODS),
        failed(GET_PODS, `Error: Proxy responded with status ${status}`),
      ]);
    },
  );

  it('fails when the cluster is unknown', async () => {
    const meta = { ...GET_PODS, clusterName: 'zz' };
    await send(gateway, '/clusters/zz/proxy/api/v1/pods');
    expect(auditEvents(gateway.portal)).toEqual([
      began(meta),
      failed(meta, `NotFoundError: Cluster 'zz' not found`),
    ]);
  });

  it('fails when no cluster is named and there are several', async () => {
    const meta = { ...GET_PODS, clusterName: 'unknown' };
    await send(gateway, '/proxy/api/v1/pods');
    expect(auditEvents(gateway.portal)).toEqual([
      began(meta),
      failed(
        meta,
        expect.stringMatching(/^NotFoundError: Cluster 'undefined' not found/),
      ),
    ]);
  });

  it('fails when the cluster cannot be reached', async () => {
    const meta = { ...GET_PODS, clusterName: 'refused' };
    await send(gateway, '/clusters/refused/proxy/api/v1/pods');
    expect(auditEvents(gateway.portal)).toEqual([
      began(meta),
      failed(
        meta,
        `BadGatewayError: Cluster 'refused' request error; the connection was refused`,
      ),
    ]);
  });

  it('fails when the request is malformed', async () => {
    const meta = { ...GET_PODS, path: '/api/%00' };
    await send(gateway, '/clusters/one/proxy/api/%00');
    expect(auditEvents(gateway.portal)).toEqual([
      began(meta),
      failed(meta, 'InputError: The API path must not contain a NUL character'),
    ]);
  });

  describe('fails when the client leaves', () => {
    const clientLeft = [
      began(GET_PODS),
      failed(GET_PODS, 'Error: Client disconnected before response completed'),
    ];
    const get = () =>
      http.get(
        `${gateway.portal.url}/api/kubernetes/clusters/one/proxy/api/v1/pods`,
        { headers: { authorization: userAuthorization() } },
      );

    it('before the answer', async () => {
      gateway.cluster.answer(() => {});
      const over = nextAnswersOver(gateway.portal);
      const arrived = gateway.cluster.nextRequest();
      const request = get().on('error', () => {});
      await arrived;
      request.destroy();
      await over;
      expect(auditEvents(gateway.portal)).toEqual(clientLeft);
    });

    it('a watch', async () => {
      gateway.cluster.answer((_req, res) => res.write('first'));
      const over = nextAnswersOver(gateway.portal);
      const request = get();
      const [response] = await once(request, 'response');
      await once(response, 'data');
      request.destroy();
      await over;
      expect(auditEvents(gateway.portal)).toEqual(clientLeft);
    });
  });

  it('fails when the cluster dies in the middle of its answer', async () => {
    gateway.cluster.answer((req, res) => {
      res.writeHead(200);
      res.write('half', () => req.socket.destroy());
    });
    const over = nextAnswersOver(gateway.portal);
    const response = await gateway.portal.fetch(
      '/clusters/one/proxy/api/v1/pods',
    );
    await expect(response.text()).rejects.toThrow();
    await over;
    expect(auditEvents(gateway.portal)).toEqual([
      began(GET_PODS),
      expect.objectContaining({ status: 'failed', meta: began(GET_PODS).meta }),
    ]);
  });

  it('is one for each of several requests at the same time', async () => {
    const paths = ['/a', '/b', '/c'];
    const over = nextAnswersOver(gateway.portal, paths.length);
    await Promise.all(
      paths.map(path => gateway.portal.fetch(`/clusters/one/proxy${path}`)),
    );
    await over;
    const events = auditEvents(gateway.portal);
    for (const path of paths) {
      const meta = { clusterName: 'one', method: 'GET', path };
      expect(
        events.filter(event => (event.meta as typeof meta).path === path),
      ).toEqual([began(meta), ended(meta)]);
    }
  });
});

describe('the cluster of an audit event', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.portal.log.length = 0;
  });
  afterAll(() => gateway.stop());

  it.each([
    ['no header', {}],
    ['an empty header', { [CLUSTER]: '' }],
  ])(
    'is the one that a request with %s turned out to be for',
    async (_, headers: Record<string, string>) => {
      await send(gateway, '/proxy/api/v1/pods', { headers });
      expect(auditEvents(gateway.portal)).toEqual([
        began({ ...GET_PODS, clusterName: 'unknown' }),
        ended(GET_PODS),
      ]);
    },
  );

  it('is that one too when the cluster refuses', async () => {
    gateway.cluster.answer((_req, res) => res.writeHead(403).end());
    await send(gateway, '/proxy/api/v1/pods');
    expect(auditEvents(gateway.portal)).toEqual([
      began({ ...GET_PODS, clusterName: 'unknown' }),
      failed(GET_PODS, 'Error: Proxy responded with status 403'),
    ]);
  });
});

describe('the audit event of a denied request', () => {
  it.each([
    ['unknown', '/proxy/api/v1/pods'],
    ['one', '/clusters/one/proxy/api/v1/pods'],
    ['zz', '/clusters/zz/proxy/api/v1/pods'],
  ])('fails, for cluster %s', async (clusterName, path) => {
    const gateway = await startGateway({ policy: denyAll });
    const meta = { ...GET_PODS, clusterName };
    await send(gateway, path);
    expect(auditEvents(gateway.portal)).toEqual([
      began(meta),
      failed(meta, 'NotAllowedError: Unauthorized'),
    ]);
    await gateway.stop();
  });
});

describe('the audit event of GET /clusters', () => {
  const list = (status: string) => ({
    eventId: 'cluster-fetch',
    severityLevel: 'low',
    status,
    meta: { queryType: 'list' },
  });

  it('succeeds', async () => {
    const gateway = await startGateway();
    await send(gateway, '/clusters');
    expect(auditEvents(gateway.portal)).toEqual([
      list('initiated'),
      list('succeeded'),
    ]);
    await gateway.stop();
  });

  it('fails when it is denied', async () => {
    const gateway = await startGateway({ policy: denyAll });
    await send(gateway, '/clusters');
    expect(auditEvents(gateway.portal)).toEqual([
      list('initiated'),
      { ...list('failed'), error: 'NotAllowedError: Unauthorized' },
    ]);
    await gateway.stop();
  });
});

describe('the log', () => {
  const secret = 'query-secret-7f3a';
  const surfaces = [
    '/clusters/one/proxy/api/v1/pods',
    '/clusters/one/proxy/fails',
    '/clusters/one/proxy/api/%00',
    '/clusters/zz/proxy/api/v1/pods',
    '/clusters/refused/proxy/api/v1/pods',
    '/proxy/api/v1/pods',
    '/clusters',
  ];
  let gateway: Gateway;
  beforeEach(async () => {
    gateway = await startGateway({ others: [refused] });
    gateway.cluster.answer((req, res) => {
      res.statusCode = req.url!.startsWith('/fails') ? 500 : 200;
      res.end('{}');
    });
  });
  afterEach(() => gateway.stop());

  it.each(surfaces)('has no query string of %s', async path => {
    await send(gateway, `${path}?token=${secret}`);
    expect(auditEvents(gateway.portal)).toHaveLength(2);
    expect(loggedText(gateway.portal)).not.toContain(secret);
  });

  it.each(surfaces)('has no token of %s in any encoding', async path => {
    const tokens = {
      portal: mockCredentials.user.token(),
      verbatim: 'verbatim-token-of-the-caller',
      provider: 'provider-token-of-the-caller',
      cluster: CLUSTER_TOKEN,
    };
    await send(gateway, path, {
      headers: {
        'Backstage-Kubernetes-Authorization-google': tokens.provider,
        'Backstage-Kubernetes-Authorization-oidc-okta': tokens.provider,
      },
    });
    await send(gateway, path, {
      headers: {
        'Backstage-Kubernetes-Authorization': `Bearer ${tokens.verbatim}`,
      },
    });
    expect(auditEvents(gateway.portal)).toHaveLength(4);
    const text = loggedText(gateway.portal);
    for (const token of Object.values(tokens)) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(encodeURIComponent(token));
      for (const encoding of ['base64url', 'hex'] as const) {
        // The last character of a base64 group depends on what follows.
        const encoded = Buffer.from(token).toString(encoding).slice(0, -1);
        expect(text).not.toContain(encoded);
      }
    }
  });
});

describe('an auditor', () => {
  const ignored = { success: async () => {}, fail: async () => {} };

  it('that cannot record the beginning of a request stops it', async () => {
    const auditor = mockServices.auditor.mock({
      createEvent: async () => {
        throw new Error('the audit log is full');
      },
    });
    const gateway = await startGateway({ features: [auditor.factory] });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(500);
    const body = await response.json();
    expect(body).toMatchObject({ kind: 'Status', code: 500 });
    expect(JSON.stringify(body)).not.toContain('the audit log is full');
    expect(gateway.cluster.requests).toEqual([]);
    expect(gateway.cluster.accepted).toBe(0);
    await gateway.stop();
  });

  it.each([
    ['success', 200],
    ['fail', 403],
  ] as const)(
    'that cannot record a %s does not touch the answer',
    async (method, status) => {
      const auditor = mockServices.auditor.mock({
        createEvent: async () => ({
          ...ignored,
          [method]: async () => {
            throw new Error('the audit log is full');
          },
        }),
      });
      const gateway = await startGateway({ features: [auditor.factory] });
      gateway.cluster.answer((_req, res) => res.writeHead(status).end('{}'));
      expect(await send(gateway, '/proxy/api')).toEqual({ status, body: '{}' });
      expect(gateway.portal.log).toContainEqual({
        level: 'error',
        message: 'Failed to emit proxy audit event',
        meta: expect.objectContaining({
          error: 'Error: the audit log is full',
        }),
      });
      await gateway.stop();
    },
  );

  it('hears the end of a request whose client left while the beginning was recorded', async () => {
    const signals = new EventEmitter();
    const fail = jest.fn(ignored.fail);
    const auditor = mockServices.auditor.mock({
      createEvent: async () => {
        const recorded = once(signals, 'recorded');
        signals.emit('begun');
        await recorded;
        return { ...ignored, fail };
      },
    });
    const gateway = await startGateway({ features: [auditor.factory] });
    const begun = once(signals, 'begun');
    const over = nextAnswersOver(gateway.portal);
    const request = http.get(`${gateway.portal.url}/api/kubernetes/proxy/api`, {
      headers: { authorization: userAuthorization() },
    });
    request.on('error', () => {});
    await begun;
    request.destroy();
    await over;
    signals.emit('recorded');
    await setImmediate();
    expect(fail.mock.calls).toEqual([
      [{ error: new Error('Client disconnected before response completed') }],
    ]);
    expect(gateway.cluster.accepted).toBe(0);
    await gateway.stop();
  });
});

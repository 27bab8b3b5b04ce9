import { EventEmitter, once } from 'events';
import http from 'http';
import type { TLSSocket } from 'tls';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthenticationStrategy,
  kubernetesAuthStrategyExtensionPoint,
} from '@backstage/plugin-kubernetes-node';
import type { JsonObject } from '@backstage/types';
import { kubernetesAuthTranslatorExtensionPoint } from '../auth/extensionPoint';
import type { KubernetesAuthTranslator } from '../auth/types';
import { ApiServer, startApiServer } from '../testing/apiServer';
import { Authority, createAuthority, KeyPair } from '../testing/certificates';
import { configOf } from '../testing/gateway';
import { Portal, startPortal, userAuthorization } from '../testing/portal';

const AUTHORIZATION = 'Backstage-Kubernetes-Authorization';
const OWN = { [AUTHORIZATION]: 'Basic b3duOm93bg==' };

function translatorModule(
  translators: Record<string, KubernetesAuthTranslator>,
) {
  return createBackendModule({
    pluginId: 'kubernetes',
    moduleId: 'test-translators',
    register(env) {
      env.registerInit({
        deps: { translators: kubernetesAuthTranslatorExtensionPoint },
        async init(deps) {
          for (const [name, translator] of Object.entries(translators)) {
            deps.translators.addAuthTranslator(name, translator);
          }
        },
      });
    },
  });
}

function strategyModule(strategies: Record<string, AuthenticationStrategy>) {
  return createBackendModule({
    pluginId: 'kubernetes',
    moduleId: 'test-strategies',
    register(env) {
      env.registerInit({
        deps: { strategies: kubernetesAuthStrategyExtensionPoint },
        async init(deps) {
          for (const [name, strategy] of Object.entries(strategies)) {
            deps.strategies.addAuthStrategy(name, strategy);
          }
        },
      });
    },
  });
}

const strategy = (
  getCredential: AuthenticationStrategy['getCredential'],
): AuthenticationStrategy => ({
  getCredential,
  validateCluster: () => [],
  presentAuthMetadata: () => ({}),
});

/** One API server, which the portal knows as a cluster for each way to authenticate. */
interface Setting {
  readonly cluster: ApiServer;
  readonly portal: Portal;
  readonly certificate: KeyPair;
  stop(): Promise<void>;
}

async function start(
  clusters: JsonObject[],
  features: (certificate: KeyPair) => Array<ReturnType<typeof strategyModule>>,
): Promise<Setting> {
  const authority: Authority = await createAuthority();
  const clientAuthority = await createAuthority('Client authority');
  const certificate = await clientAuthority.issue({ commonName: 'portal' });
  const cluster = await startApiServer({
    authority,
    clientAuthority,
    clientCertificateOptional: true,
  });
  const portal = await startPortal({
    kubernetes: configOf(
      clusters.map(settings => ({
        url: cluster.url,
        caData: authority.caData,
        ...settings,
      })),
    ),
    features: features(certificate),
  });
  return {
    cluster,
    portal,
    certificate,
    async stop() {
      await portal.stop();
      await cluster.close();
    },
  };
}

/** Sends header names as they are written here, which fetch does not. */
async function get(
  portal: Portal,
  cluster: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<{ status: number; body: string }> {
  const request = http.get(
    `${portal.url}/api/kubernetes/clusters/${cluster}/proxy/api`,
    { headers: { authorization: userAuthorization(), ...headers } },
  );
  const [response] = (await once(request, 'response')) as [
    http.IncomingMessage,
  ];
  const chunks: Buffer[] = [];
  response.on('data', chunk => chunks.push(chunk));
  await once(response, 'end');
  return {
    status: response.statusCode!,
    body: Buffer.concat(chunks).toString(),
  };
}

function authorizationsIn(rawHeaders: string[]): string[] {
  return rawHeaders.filter(
    (_, i) => i % 2 === 1 && /^authorization$/i.test(rawHeaders[i - 1]),
  );
}

const commonName = (socket: unknown) =>
  (socket as TLSSocket).getPeerCertificate()?.subject?.CN;

describe('the credential of a request', () => {
  let setting: Setting;
  let portal: Portal;
  let cluster: ApiServer;
  beforeAll(async () => {
    setting = await start(
      [
        {
          name: 'account',
          authProvider: 'serviceAccount',
          serviceAccountToken: 'account-token',
        },
        { name: 'google', authProvider: 'google' },
        { name: 'aks', authProvider: 'aks' },
        { name: 'okta', authProvider: 'oidc', oidcTokenProvider: 'myOkta' },
        {
          name: 'platform',
          authProvider: 'oidc',
          oidcTokenProvider: 'Agent-platform-a',
        },
        { name: 'local', authProvider: 'localKubectlProxy' },
        { name: 'stock', authProvider: 'stockTokens' },
        { name: 'nested', authProvider: 'pinniped' },
        { name: 'certificate', authProvider: 'x509' },
        { name: 'translated', authProvider: 'translated' },
        { name: 'broken', authProvider: 'broken' },
        { name: 'strange', authProvider: 'strange' },
        { name: 'newline', authProvider: 'newline' },
        { name: 'rejected', authProvider: 'rejected' },
      ],
      certificate => [
        strategyModule({
          stockTokens: strategy(async (_, auth) => ({
            type: 'bearer token',
            token: `${auth.stockTokens}-exchanged`,
          })),
          pinniped: strategy(async (_, auth) => ({
            type: 'bearer token',
            token: Object.entries(auth.pinniped as object)
              .flat()
              .join('='),
          })),
          x509: strategy(async () => ({
            type: 'x509 client certificate',
            ...certificate,
          })),
          broken: strategy(async () => {
            throw new Error('vault at 10.0.0.7 says: secret-of-the-strategy');
          }),
          rejected: strategy(() => {
            throw new Error('vault at 10.0.0.7 says: secret-of-the-strategy');
          }),
          strange: strategy(
            async () => ({ type: 'secret-of-the-strategy' }) as never,
          ),
          newline: strategy(async () => ({
            type: 'bearer token',
            token: 'secret-of-the-strategy\r\nImpersonate-User: admin',
          })),
        }),
        translatorModule({
          translated: {
            translate: async ({ caller, requestAuth, cluster: { name } }) => ({
              type: 'bearer token',
              token: [
                (caller.credentials.principal as { userEntityRef: string })
                  .userEntityRef,
                requestAuth.translated,
                name,
              ].join('|'),
            }),
          },
        }),
      ],
    );
    ({ portal, cluster } = setting);
  });
  beforeEach(() => {
    cluster.requests.length = 0;
  });
  afterAll(() => setting.stop());

  it.each<[string, string, http.OutgoingHttpHeaders, string]>([
    [`a service account's`, 'account', {}, 'Bearer account-token'],
    [
      `the caller's Google token`,
      'google',
      { [`${AUTHORIZATION}-google`]: 'T' },
      'Bearer T',
    ],
    [
      'the token of a header in upper case',
      'google',
      { [`${AUTHORIZATION}-google`.toUpperCase()]: 'T' },
      'Bearer T',
    ],
    [
      `the caller's AKS token`,
      'aks',
      { [`${AUTHORIZATION}-aks`]: 'T' },
      'Bearer T',
    ],
    [
      'the token of the right provider of several',
      'okta',
      {
        [`${AUTHORIZATION}-google`]: 'G',
        [`${AUTHORIZATION}-oidc-other`]: 'O',
        [`${AUTHORIZATION}-oidc-myOkta`]: 'T',
      },
      'Bearer T',
    ],
    [
      'the token of an OpenID Connect provider in lower case',
      'okta',
      { [`${AUTHORIZATION}-oidc-myokta`]: 'T' },
      'Bearer T',
    ],
    [
      'the token of an OpenID Connect provider with dashes',
      'platform',
      { [`${AUTHORIZATION}-OIDC-agent-PLATFORM-a`]: 'T' },
      'Bearer T',
    ],
    [
      'what a stock strategy with upper-case letters returns',
      'stock',
      { [`${AUTHORIZATION}-stocktokens`]: 'T' },
      'Bearer T-exchanged',
    ],
    [
      'what a stock strategy with sub-providers returns',
      'nested',
      { [`${AUTHORIZATION}-pinniped-au-b-c-d-e`]: 'T' },
      'Bearer au-b-c-d-e=T',
    ],
    [
      'what a translator of our own contract returns',
      'translated',
      { [`${AUTHORIZATION}-translated`]: 'T' },
      'Bearer user:default/mock|T|translated',
    ],
  ])('is %s', async (_, name, headers, expected) => {
    expect(await get(portal, name, headers)).toEqual({
      status: 200,
      body: '{}',
    });
    const [{ rawHeaders }] = cluster.requests;
    expect(authorizationsIn(rawHeaders)).toEqual([expected]);
  });

  it('is none for a local kubectl proxy', async () => {
    expect(await get(portal, 'local')).toMatchObject({ status: 200 });
    const [{ rawHeaders }] = cluster.requests;
    expect(authorizationsIn(rawHeaders)).toEqual([]);
  });

  it.each(['Basic b3duOm93bg==', 'Bearer  two  spaces', 'T', ''])(
    `is the caller's own %j, as it was sent, whatever the auth provider`,
    async value => {
      const names = ['account', 'google', 'local', 'certificate', 'broken'];
      for (const name of names) {
        const { status } = await get(portal, name, { [AUTHORIZATION]: value });
        expect(status).toBe(200);
      }
      expect(
        cluster.requests.map(({ rawHeaders }) => authorizationsIn(rawHeaders)),
      ).toEqual(names.map(() => [value]));
      expect(cluster.requests.map(({ socket }) => commonName(socket))).toEqual(
        names.map(() => undefined),
      );
    },
  );

  it(`is never the portal's own token`, async () => {
    const names = ['account', 'stock', 'nested', 'certificate', 'local'];
    for (const name of names) {
      await get(portal, name, { [`${AUTHORIZATION}-pinniped-a`]: 'T' });
      await get(portal, name, OWN);
      await get(portal, name, { connection: 'Authorization' });
    }
    const sent = cluster.requests.flatMap(({ rawHeaders }) => rawHeaders);
    expect(cluster.requests.length).toBeGreaterThan(2 * names.length);
    expect(sent.join('\n')).not.toContain(mockCredentials.user.token());
  });

  it.each([
    ['google', 'google', {}],
    ['google', 'google', { [`${AUTHORIZATION}-google`]: '' }],
    ['google', 'google', { [`${AUTHORIZATION}-google-sub`]: 'T' }],
    ['google', 'google', { [`${AUTHORIZATION}-aks`]: 'T' }],
    ['aks', 'aks', {}],
    ['okta', 'oidc-myOkta', {}],
    ['okta', 'oidc-myOkta', { [`${AUTHORIZATION}-oidc`]: 'T' }],
    ['okta', 'oidc-myOkta', { [`${AUTHORIZATION}-oidc-other`]: 'T' }],
    ['platform', 'oidc-Agent-platform-a', {}],
  ])(
    `is missing for cluster '%s' without the header for '%s': %j`,
    async (name, suffix, headers) => {
      const before = cluster.accepted;
      const { status, body } = await get(portal, name, { ...headers });
      expect(status).toBe(401);
      expect(JSON.parse(body)).toMatchObject({
        error: {
          name: 'AuthenticationError',
          message: expect.stringContaining(`'${AUTHORIZATION}-${suffix}'`),
        },
        kind: 'Status',
        reason: 'Unauthorized',
        code: 401,
      });
      expect(cluster.requests).toEqual([]);
      expect(cluster.accepted).toBe(before);
    },
  );

  it.each([
    'Bearer repeated-token',
    'repeated-token, other',
    'repeated-t\xf6ken',
  ])(
    'is refused when it is %j, which the answer does not repeat',
    async token => {
      const before = cluster.accepted;
      const { status, body } = await get(portal, 'google', {
        [`${AUTHORIZATION}-google`]: token,
      });
      expect(status).toBe(401);
      expect(JSON.parse(body)).toMatchObject({
        error: {
          name: 'AuthenticationError',
          message: expect.stringContaining('malformed'),
        },
      });
      expect(body).not.toContain('repeated');
      expect(cluster.accepted).toBe(before);
    },
  );

  it.each(['broken', 'rejected', 'strange', 'newline'])(
    `is never sent, nor shown to the client, by a strategy that is '%s'`,
    async name => {
      const before = cluster.accepted;
      const { status, body } = await get(portal, name);
      expect([401, 500]).toContain(status);
      expect(body).not.toMatch(/secret-of-the-strategy|vault|10\.0\.0\.7/);
      expect(cluster.accepted).toBe(before);
    },
  );

  it.each(['broken', 'rejected'])(
    `is a 500 of the gateway's own when a strategy is '%s'`,
    async name => {
      const { status, body } = await get(portal, name);
      expect(status).toBe(500);
      expect(JSON.parse(body)).toMatchObject({
        error: { name: 'InternalError' },
        kind: 'Status',
        reason: 'InternalError',
        code: 500,
      });
    },
  );

  describe('as a client certificate', () => {
    it('is presented by the connection, without any Authorization', async () => {
      expect(await get(portal, 'certificate')).toMatchObject({ status: 200 });
      const [{ rawHeaders, socket }] = cluster.requests;
      expect(authorizationsIn(rawHeaders)).toEqual([]);
      expect(commonName(socket)).toBe('portal');
      expect((socket as TLSSocket).authorized).toBe(true);
    });

    it(`is not presented together with the caller's own token`, async () => {
      await get(portal, 'certificate');
      expect(await get(portal, 'certificate', OWN)).toMatchObject({
        status: 200,
      });
      await get(portal, 'certificate');
      const [first, own, last] = cluster.requests.map(({ socket }) => socket);
      expect([first, own, last].map(commonName)).toEqual([
        'portal',
        undefined,
        'portal',
      ]);
      expect(own).not.toBe(first);
      expect(last).toBe(first);
    });

    it('is presented for no other cluster at the same address', async () => {
      await get(portal, 'certificate');
      await get(portal, 'account');
      await get(portal, 'local');
      expect(cluster.requests.map(({ socket }) => commonName(socket))).toEqual([
        'portal',
        undefined,
        undefined,
      ]);
    });
  });
});

describe('a local kubectl proxy over plain HTTP', () => {
  it('gets neither a token of the portal nor of its caller', async () => {
    const cluster = await startApiServer();
    const portal = await startPortal({
      kubernetes: configOf([
        { name: 'local', url: cluster.url, authProvider: 'localKubectlProxy' },
      ]),
    });
    const answer = await get(portal, 'local', {
      [`${AUTHORIZATION}-google`]: 'token-of-the-caller',
    });
    expect(answer.status).toBe(200);
    const [{ rawHeaders }] = cluster.requests;
    expect(authorizationsIn(rawHeaders)).toEqual([]);
    expect(rawHeaders.join('\n')).not.toMatch(
      /token-of-the-caller|mock-user-token|backstage/i,
    );
    await portal.stop();
    await cluster.close();
  });
});

describe('a strategy that replaces a built-in one', () => {
  it('is used, and the other ones stay', async () => {
    const setting = await start(
      [
        { name: 'google', authProvider: 'google' },
        { name: 'aks', authProvider: 'aks' },
      ],
      () => [
        strategyModule({
          google: strategy(async () => ({
            type: 'bearer token',
            token: 'replaced',
          })),
        }),
      ],
    );
    await get(setting.portal, 'google');
    await get(setting.portal, 'aks', { [`${AUTHORIZATION}-aks`]: 'T' });
    expect(
      setting.cluster.requests.map(({ rawHeaders }) =>
        authorizationsIn(rawHeaders),
      ),
    ).toEqual([['Bearer replaced'], ['Bearer T']]);
    await setting.stop();
  });
});

describe('a translator that is still at work when the client leaves', () => {
  it('is told, and what it returns is not used', async () => {
    const signals = new EventEmitter();
    const setting = await start(
      [{ name: 'slow', authProvider: 'slow' }],
      () => [
        translatorModule({
          slow: {
            async translate({ signal }) {
              const aborted = once(signal, 'abort');
              signals.emit('translating', signal);
              await aborted;
              signals.emit('aborted');
              return { type: 'bearer token', token: 'too-late' };
            },
          },
        }),
      ],
    );
    const translating = once(signals, 'translating');
    const aborted = once(signals, 'aborted');
    const request = http.get(
      `${setting.portal.url}/api/kubernetes/clusters/slow/proxy/api`,
      { headers: { authorization: userAuthorization() } },
    );
    request.on('error', () => {});
    const [signal] = (await translating) as [AbortSignal];
    expect(signal.aborted).toBe(false);
    request.destroy();
    await aborted;
    expect(signal.aborted).toBe(true);
    // A whole other request, so that the abandoned one has had its time.
    await get(setting.portal, 'slow', OWN);
    expect(
      setting.cluster.requests.map(({ rawHeaders }) =>
        authorizationsIn(rawHeaders),
      ),
    ).toEqual([[OWN[AUTHORIZATION]]]);
    await setting.stop();
  });

  it('is not told of an answer that came to its end', async () => {
    let signal: AbortSignal | undefined;
    const setting = await start(
      [{ name: 'fast', authProvider: 'fast' }],
      () => [
        translatorModule({
          fast: {
            async translate(request) {
              signal = request.signal;
              return { type: 'anonymous' };
            },
          },
        }),
      ],
    );
    const serverSide = once(setting.portal.server, 'request');
    await get(setting.portal, 'fast', { connection: 'close' });
    const [, response] = await serverSide;
    expect(response.writableFinished).toBe(true);
    expect(signal?.aborted).toBe(false);
    await setting.stop();
  });
});

import { mockServices, mockCredentials } from '@backstage/backend-test-utils';
import { createRotatingFile } from '../config/rotatingFile';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AuthTranslatorsOptions, createAuthTranslators } from './translators';
import type { KubernetesAuthTranslator } from './types';

const PROVIDER = 'kubernetes.io/auth-provider';
const logger = mockServices.logger.mock();

function translators(options: Partial<AuthTranslatorsOptions> = {}) {
  return createAuthTranslators({ logger, added: new Map(), ...options });
}

function translate(
  authMetadata: Record<string, string>,
  requestAuth: Record<string, any>,
  options: Partial<AuthTranslatorsOptions> & { url?: string } = {},
) {
  const cluster = {
    name: 'one',
    url: options.url ?? 'https://cluster.example',
    authMetadata,
  };
  return translators(options)
    .for(cluster)
    .translate({
      cluster,
      requestAuth,
      caller: { credentials: mockCredentials.user() },
      signal: new AbortController().signal,
    });
}

describe('built-in auth providers', () => {
  it.each([
    [{ [PROVIDER]: 'google' }, { google: 'T' }],
    [{ [PROVIDER]: 'Google' }, { google: 'T' }],
    [{ [PROVIDER]: 'aks' }, { aks: 'T' }],
    [
      {
        [PROVIDER]: 'oidc',
        'kubernetes.io/oidc-token-provider': 'myOkta',
      },
      { oidc: { myokta: 'T' } },
    ],
    [
      {
        [PROVIDER]: 'oidc',
        'kubernetes.io/oidc-token-provider': 'Agent-Platform',
      },
      { oidc: { 'agent-platform': 'T' } },
    ],
    [{ [PROVIDER]: 'serviceAccount', serviceAccountToken: 'T' }, {}],
  ])('turn %j and %j into a bearer token', async (metadata, requestAuth) => {
    await expect(translate(metadata, requestAuth)).resolves.toEqual({
      type: 'bearer token',
      token: 'T',
    });
  });

  it('send nothing to a local kubectl proxy', async () => {
    await expect(
      translate({ [PROVIDER]: 'localKubectlProxy' }, {}),
    ).resolves.toEqual({ type: 'anonymous' });
  });

  it.each([
    [{ [PROVIDER]: 'google' }, {}, 'Authorization-google'],
    [{ [PROVIDER]: 'google' }, { google: '' }, 'Authorization-google'],
    [{ [PROVIDER]: 'google' }, { google: { a: 'T' } }, 'Authorization-google'],
    [{ [PROVIDER]: 'aks' }, {}, 'Authorization-aks'],
    [
      { [PROVIDER]: 'oidc', 'kubernetes.io/oidc-token-provider': 'myOkta' },
      { oidc: { other: 'T' } },
      'Authorization-oidc-myOkta',
    ],
    [
      { [PROVIDER]: 'oidc', 'kubernetes.io/oidc-token-provider': 'myOkta' },
      {},
      'Authorization-oidc-myOkta',
    ],
  ])(
    'name the header that is missing for %j and %j',
    async (metadata, requestAuth, header) => {
      await expect(translate(metadata, requestAuth)).rejects.toMatchObject({
        name: 'AuthenticationError',
        message: `No token for the cluster: send it in the header 'Backstage-Kubernetes-${header}'`,
      });
    },
  );

  describe('service account of the pod', () => {
    let directory: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'token-'));
      writeFileSync(join(directory, 'token'), 'first\n');
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it(`reads the mounted token, and again when it rotates`, async () => {
      let now = 0;
      const pod = {
        url: 'https://10.96.0.1:443',
        token: createRotatingFile(join(directory, 'token'), { now: () => now }),
      };
      const read = () =>
        translate({ [PROVIDER]: 'serviceAccount' }, {}, { pod, url: pod.url });
      await expect(read()).resolves.toMatchObject({ token: 'first' });
      writeFileSync(join(directory, 'token'), 'second, longer\n');
      now += 60_000;
      await expect(read()).resolves.toMatchObject({ token: 'second, longer' });
    });

    it(`never goes to another cluster`, async () => {
      const pod = {
        url: 'https://10.96.0.1:443',
        token: createRotatingFile(join(directory, 'token')),
      };
      await expect(
        translate({ [PROVIDER]: 'serviceAccount' }, {}, { pod }),
      ).rejects.toMatchObject({ name: 'AuthenticationError' });
    });

    it('is said to be missing outside of a pod', async () => {
      await expect(
        translate({ [PROVIDER]: 'serviceAccount' }, {}),
      ).rejects.toMatchObject({
        name: 'AuthenticationError',
        message: expect.stringContaining(
          `Cluster 'one' has no service account`,
        ),
      });
    });
  });
});

describe('createAuthTranslators', () => {
  const custom: KubernetesAuthTranslator = {
    translate: async () => ({ type: 'bearer token', token: 'custom' }),
    presentAuthMetadata: ({ shown }): Record<string, string> =>
      shown ? { shown } : {},
    validateCluster: ({ bad }) => (bad ? [new Error('bad cluster')] : []),
  };
  const cluster = (authMetadata: Record<string, string>) => ({
    name: 'one',
    url: 'https://cluster.example',
    authMetadata,
  });

  it('keeps the built-in providers when a module adds one', async () => {
    const added = new Map([['custom', custom]]);
    await expect(
      translate({ [PROVIDER]: 'custom' }, {}, { added }),
    ).resolves.toMatchObject({ token: 'custom' });
    await expect(
      translate({ [PROVIDER]: 'google' }, { google: 'T' }, { added }),
    ).resolves.toMatchObject({ token: 'T' });
  });

  it('lets a module replace one, and says so', async () => {
    const added = new Map([['google', custom]]);
    await expect(
      translate({ [PROVIDER]: 'google' }, {}, { added }),
    ).resolves.toMatchObject({ token: 'custom' });
    expect(logger.info).toHaveBeenCalledWith(
      `A module replaces the built-in auth provider 'google'`,
    );
  });

  it('names the choices for an unknown provider', () => {
    const [error] = translators({
      added: new Map([['custom', custom]]),
    }).validate({ [PROVIDER]: 'linode' });
    expect(error.message).toBe(
      'authProvider "linode" is unknown; choose one of aks, custom, google, localKubectlProxy, oidc, serviceAccount',
    );
    expect(() => translators().for(cluster({ [PROVIDER]: 'linode' }))).toThrow(
      'authProvider "linode" is unknown',
    );
  });

  it.each(['__proto__', 'constructor'])('has no provider %s', name => {
    expect(translators().validate({ [PROVIDER]: name })).toHaveLength(1);
  });

  it(`asks the provider about a cluster's settings`, () => {
    const added = new Map([['custom', custom]]);
    expect(
      translators({ added }).validate({ [PROVIDER]: 'custom', bad: 'yes' }),
    ).toEqual([new Error('bad cluster')]);
    expect(translators().validate({ [PROVIDER]: 'oidc' })).toEqual([
      new Error(`Must specify a token provider for 'oidc' strategy`),
    ]);
    expect(translators().validate({ [PROVIDER]: 'google' })).toEqual([]);
  });

  it('presents what the provider shows, if anything', () => {
    const all = translators({ added: new Map([['custom', custom]]) });
    expect(
      all.present(cluster({ [PROVIDER]: 'custom', shown: 'yes' })),
    ).toEqual({ shown: 'yes' });
    expect(all.present(cluster({ [PROVIDER]: 'custom' }))).toBeUndefined();
    expect(all.present(cluster({ [PROVIDER]: 'google' }))).toBeUndefined();
    expect(all.present(cluster({ [PROVIDER]: 'linode' }))).toBeUndefined();
  });
});

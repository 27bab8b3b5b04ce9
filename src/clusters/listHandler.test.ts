import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { kubernetesAuthTranslatorExtensionPoint } from '../auth/extensionPoint';
import { createAuthority } from '../testing/certificates';
import { configOf } from '../testing/gateway';
import { Portal, startPortal } from '../testing/portal';

const custom = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'test-translator',
  register(env) {
    env.registerInit({
      deps: { translators: kubernetesAuthTranslatorExtensionPoint },
      async init({ translators }) {
        translators.addAuthTranslator('custom', {
          presentAuthMetadata: ({ shown }): Record<string, string> =>
            shown ? { shown } : {},
          translate: async () => ({ type: 'anonymous' }),
        });
      },
    });
  },
});

describe('GET /clusters', () => {
  let portal: Portal;
  beforeAll(async () => {
    const { caData } = await createAuthority();
    portal = await startPortal({
      kubernetes: configOf([
        {
          name: 'zeta',
          url: 'https://zeta.example',
          title: 'The last letter',
          dashboardUrl: 'https://dashboard.example',
          dashboardApp: 'rancher',
          dashboardParameters: { projectId: 'dashboard-parameter' },
          authProvider: 'serviceAccount',
          serviceAccountToken: 'account-token',
          caData,
        },
        {
          name: 'okta',
          url: 'https://okta.example',
          authProvider: 'oidc',
          oidcTokenProvider: 'myOkta',
          skipTLSVerify: true,
          caFile: '/etc/ssl/ca-file.pem',
        },
        {
          name: 'shown',
          url: 'https://shown.example',
          authProvider: 'custom',
          authMetadata: { shown: 'yes', hidden: 'hidden-metadata' },
        },
        {
          name: 'alpha',
          url: 'https://alpha.example',
          authProvider: 'custom',
          authMetadata: { hidden: 'hidden-metadata' },
          assumeRole: 'role-to-assume',
          externalId: 'external-id',
        },
      ]),
      features: [custom],
    });
  });
  afterAll(() => portal.stop());

  it('lists what a frontend may know, in the order of the configuration', async () => {
    const response = await portal.fetch('/clusters');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      items: [
        {
          name: 'zeta',
          title: 'The last letter',
          dashboardUrl: 'https://dashboard.example',
          authProvider: 'serviceAccount',
        },
        { name: 'okta', authProvider: 'oidc', oidcTokenProvider: 'myOkta' },
        { name: 'shown', authProvider: 'custom', auth: { shown: 'yes' } },
        { name: 'alpha', authProvider: 'custom' },
      ],
    });
  });

  it('shows neither address, authority nor secret', async () => {
    const text = await (await portal.fetch('/clusters')).text();
    expect(text).not.toMatch(
      /(?:zeta|okta|shown|alpha)\.example|LS0tLS1CRUdJ|ca-file|account-token|hidden|role-to-assume|external-id|rancher|dashboard-parameter/,
    );
  });

  it('answers services too', async () => {
    const response = await portal.fetch('/clusters', {
      headers: { authorization: mockCredentials.service.header() },
    });
    expect(response.status).toBe(200);
  });

  it('answers 401 to a caller who is not signed in', async () => {
    const response = await fetch(`${portal.url}/api/kubernetes/clusters`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: { name: 'AuthenticationError' },
    });
  });

  it.each(['POST', 'PUT', 'DELETE'])('has no %s', async method => {
    expect((await portal.fetch('/clusters', { method })).status).toBe(404);
  });
});

describe('GET /clusters of a portal', () => {
  const local = {
    url: 'http://127.0.0.1:1',
    authProvider: 'localKubectlProxy',
  };

  it('without clusters is an empty list', async () => {
    const portal = await startPortal({ kubernetes: configOf([]) });
    expect(await (await portal.fetch('/clusters')).json()).toEqual({
      items: [],
    });
    await portal.stop();
  });

  it('with several locators has the clusters of each, duplicates included', async () => {
    const clusters = (...names: string[]) =>
      names.map(name => ({ name, ...local }));
    const portal = await startPortal({
      kubernetes: {
        clusterLocatorMethods: [
          { type: 'config', clusters: clusters('b', 'a') },
          { type: 'config', clusters: clusters('c', 'a') },
        ],
      },
    });
    const { items } = await (await portal.fetch('/clusters')).json();
    expect(items.map(({ name }: { name: string }) => name)).toEqual([
      'b',
      'a',
      'c',
      'a',
    ]);
    await portal.stop();
  });

  it('whose policy denies kubernetes.clusters.read is a 403', async () => {
    const portal = await startPortal({
      kubernetes: configOf([{ name: 'one', ...local }]),
      policy: {
        handle: async ({ permission }) =>
          permission.name === 'kubernetes.clusters.read'
            ? { result: AuthorizeResult.DENY }
            : { result: AuthorizeResult.ALLOW },
      },
    });
    const response = await portal.fetch('/clusters');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: { name: 'NotAllowedError', message: 'Unauthorized' },
    });
    await portal.stop();
  });
});

import { inspect } from 'util';
import {
  BackendFeature,
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  ClusterDetails,
  KubernetesClustersSupplier,
  KubernetesClusterSupplierFactory,
  kubernetesAuthStrategyExtensionPoint,
  kubernetesClusterSupplierExtensionPoint,
  kubernetesFetcherExtensionPoint,
  kubernetesObjectsProviderExtensionPoint,
  kubernetesRouterExtensionPoint,
  kubernetesServiceLocatorExtensionPoint,
} from '@backstage/plugin-kubernetes-node';
import type { JsonObject } from '@backstage/types';
import { ApiServer, startApiServer } from './testing/apiServer';
import { configOf } from './testing/gateway';
import { Portal, startPortal } from './testing/portal';

const PROVIDER = 'kubernetes.io/auth-provider';
const local = { url: 'http://127.0.0.1:1', authProvider: 'localKubectlProxy' };

function supplierModule(
  supplier: KubernetesClustersSupplier | KubernetesClusterSupplierFactory,
): BackendFeature {
  return createBackendModule({
    pluginId: 'kubernetes',
    moduleId: 'test-supplier',
    register(env) {
      env.registerInit({
        deps: { suppliers: kubernetesClusterSupplierExtensionPoint },
        async init({ suppliers }) {
          suppliers.addClusterSupplier(supplier);
        },
      });
    },
  });
}

const warnings = ({ log }: Portal) =>
  log.filter(({ level }) => level === 'warn').map(({ message }) => message);

describe('a portal without a kubernetes key', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal({});
  });
  afterAll(() => portal.stop());

  it('starts and warns', () => {
    expect(warnings(portal)).toContain(
      'Failed to initialize kubernetes backend: valid kubernetes config is missing',
    );
  });

  it.each(['/proxy/api', '/clusters/one/proxy/api', '/clusters'])(
    'has no %s',
    async path => {
      expect((await portal.fetch(path)).status).toBe(404);
    },
  );

  it('has no permissions of Kubernetes', async () => {
    const response = await portal.fetch(
      '/.well-known/backstage/permissions/metadata',
    );
    expect(await response.json()).toEqual({ permissions: [], rules: [] });
  });
});

describe('modules for the stock plugin', () => {
  const fails = async (): Promise<never> => {
    throw new Error('not used in this test');
  };
  const allSix = createBackendModule({
    pluginId: 'kubernetes',
    moduleId: 'test-all-six',
    register(env) {
      env.registerInit({
        deps: {
          objects: kubernetesObjectsProviderExtensionPoint,
          suppliers: kubernetesClusterSupplierExtensionPoint,
          strategies: kubernetesAuthStrategyExtensionPoint,
          fetchers: kubernetesFetcherExtensionPoint,
          locators: kubernetesServiceLocatorExtensionPoint,
          routers: kubernetesRouterExtensionPoint,
        },
        async init(deps) {
          deps.objects.addObjectsProvider({
            getKubernetesObjectsByEntity: fails,
            getCustomResourcesByEntity: fails,
          });
          deps.suppliers.addClusterSupplier(({ getDefault }) => getDefault());
          deps.strategies.addAuthStrategy('added', {
            getCredential: fails,
            validateCluster: () => [],
            presentAuthMetadata: () => ({ shown: 'yes' }),
          });
          deps.fetchers.addFetcher(({ getDefault }) => getDefault());
          deps.locators.addServiceLocator({ getClustersByEntity: fails });
          deps.routers.addRouter(({ getDefault }) => getDefault());
        },
      });
    },
  });

  it('load, and those that are not used yet are named', async () => {
    const portal = await startPortal({
      kubernetes: configOf([{ name: 'one', ...local, authProvider: 'added' }]),
      features: [allSix],
    });
    expect(warnings(portal).filter(line => /A module adds/.test(line))).toEqual(
      ['objects provider', 'Fetchers', 'Service Locators', 'routers'].map(
        what =>
          `A module adds Kubernetes ${what}, which this version does not use yet`,
      ),
    );
    const response = await portal.fetch('/clusters');
    expect(await response.json()).toEqual({
      items: [{ name: 'one', authProvider: 'added', auth: { shown: 'yes' } }],
    });
    await portal.stop();
  });

  it('are not warned of when there are none', async () => {
    const portal = await startPortal({
      kubernetes: configOf([{ name: 'one', ...local }]),
    });
    expect(warnings(portal)).toEqual([]);
    await portal.stop();
  });
});

describe('a cluster supplier of a module', () => {
  let cluster: ApiServer;
  let details: ClusterDetails;
  beforeAll(async () => {
    cluster = await startApiServer();
    details = {
      name: 'supplied',
      url: cluster.url,
      authMetadata: { [PROVIDER]: 'localKubectlProxy' },
    };
  });
  afterAll(() => cluster.close());

  async function namesOf(portal: Portal): Promise<string[]> {
    const { items } = await (await portal.fetch('/clusters')).json();
    return items.map(({ name }: { name: string }) => name);
  }
  const proxied = async (portal: Portal, name: string) =>
    (await portal.fetch(`/clusters/${name}/proxy/api`)).status;

  it('replaces the configured clusters', async () => {
    const portal = await startPortal({
      kubernetes: configOf([{ name: 'configured', ...local }]),
      features: [supplierModule({ getClusters: async () => [details] })],
    });
    expect(await namesOf(portal)).toEqual(['supplied']);
    expect(await proxied(portal, 'supplied')).toBe(200);
    expect(await proxied(portal, 'configured')).toBe(404);
    await portal.stop();
  });

  it('adds to the configured clusters when it is a factory', async () => {
    const portal = await startPortal({
      kubernetes: configOf([
        { name: 'configured', ...local, url: cluster.url },
      ]),
      features: [
        supplierModule(async ({ getDefault }) => {
          const byDefault = await getDefault();
          return {
            getClusters: async options => [
              details,
              ...(await byDefault.getClusters(options)),
            ],
          };
        }),
      ],
    });
    expect(await namesOf(portal)).toEqual(['supplied', 'configured']);
    expect(await proxied(portal, 'supplied')).toBe(200);
    expect(await proxied(portal, 'configured')).toBe(200);
    await portal.stop();
  });

  it('is asked for each request with the credentials of its caller', async () => {
    const callers: unknown[] = [];
    const portal = await startPortal({
      kubernetes: configOf([]),
      features: [
        supplierModule({
          async getClusters({ credentials }) {
            callers.push(credentials);
            return [details];
          },
        }),
      ],
    });
    callers.length = 0;
    await namesOf(portal);
    await proxied(portal, 'supplied');
    expect(callers).toEqual([mockCredentials.user(), mockCredentials.user()]);
    await portal.stop();
  });

  it('takes up clusters that come and go', async () => {
    const clusters: ClusterDetails[] = [];
    const portal = await startPortal({
      kubernetes: configOf([]),
      features: [supplierModule({ getClusters: async () => clusters })],
    });
    expect(await proxied(portal, 'supplied')).toBe(404);
    clusters.push(details);
    expect(await proxied(portal, 'supplied')).toBe(200);
    clusters.pop();
    expect(await proxied(portal, 'supplied')).toBe(404);
    await portal.stop();
  });

  it('may name the default cluster later', async () => {
    const portal = await startPortal({
      kubernetes: configOf([], { defaultCluster: 'supplied' }),
      features: [
        supplierModule({
          getClusters: async () => [{ ...details, name: 'other' }, details],
        }),
      ],
    });
    expect((await portal.fetch('/proxy/api')).status).toBe(200);
    await portal.stop();
  });

  it('that fails does not keep the portal from starting', async () => {
    const portal = await startPortal({
      kubernetes: configOf([]),
      features: [
        supplierModule({
          async getClusters() {
            throw new Error('no inventory');
          },
        }),
      ],
    });
    expect(warnings(portal)).toEqual([
      'Could not look for clusters with skipTLSVerify',
    ]);
    const response = await portal.fetch('/proxy/api');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('no inventory');
    await portal.stop();
  });
});

describe('skipTLSVerify', () => {
  it('is warned of at the start, with the name of each cluster', async () => {
    const portal = await startPortal({
      kubernetes: configOf([
        { name: 'careless', ...local, skipTLSVerify: true },
        { name: 'careful', ...local },
        { name: 'from-environment', ...local, skipTLSVerify: 'true' },
      ]),
    });
    expect(warnings(portal)).toEqual(
      ['careless', 'from-environment'].map(name =>
        expect.stringMatching(
          `^Cluster '${name}' is configured with skipTLSVerify: true; `,
        ),
      ),
    );
    await portal.stop();
  });
});

const secrets = {
  serviceAccountToken: 'secret-of-the-account',
  externalId: 'secret-external-id',
  authMetadata: { vaultKey: 'secret-metadata' },
};
const SECRET = /secret-(?:of-the-account|external-id|metadata|ca-data)/;

/** Everything that an operator gets to see of a start that fails: the error and the log. */
async function failedStart(
  kubernetes: JsonObject,
  features: BackendFeature[] = [],
): Promise<string> {
  const logger = mockServices.rootLogger.mock();
  logger.child.mockReturnValue(logger);
  const recorder = createServiceFactory({
    service: coreServices.rootLogger,
    deps: {},
    factory: () => logger,
  });
  const error = await startPortal({
    kubernetes,
    features: [recorder, ...features],
  }).then(
    async portal => {
      await portal.stop();
      throw new Error('the portal has started');
    },
    (reason: unknown) => reason,
  );
  const { error: errors, warn, info, debug } = logger;
  const lines = [errors, warn, info, debug].flatMap(({ mock }) => mock.calls);
  return inspect({ error, lines }, { depth: Infinity });
}

describe('a start fails', () => {
  const KEY = 'kubernetes.clusterLocatorMethods[0].clusters';
  it.each<[string, JsonObject, string[]]>([
    [
      'on an unknown auth provider',
      configOf([{ name: 'one', ...local, ...secrets, authProvider: 'linode' }]),
      [
        `Invalid cluster 'one': authProvider "linode" is unknown; choose one of aks, google, localKubectlProxy, oidc, serviceAccount`,
      ],
    ],
    [
      'on no auth provider',
      configOf([{ name: 'one', url: local.url, ...secrets }]),
      [`cluster 'one' has no auth provider configured; set authProvider`],
    ],
    [
      'on a name used twice',
      configOf([
        { name: 'one', ...local, ...secrets },
        { name: 'one', ...local },
      ]),
      [`Duplicate cluster name 'one' in ${KEY}`],
    ],
    [
      'on oidc without a provider of tokens',
      configOf([{ name: 'one', ...local, ...secrets, authProvider: 'oidc' }]),
      [
        `Invalid cluster 'one': Must specify a token provider for 'oidc' strategy`,
      ],
    ],
    [
      'on a caData that is no certificate',
      configOf([
        { name: 'one', ...local, ...secrets, caData: 'secret-ca-data' },
      ]),
      [
        `Invalid cluster 'one' in ${KEY}[0]: caData: must be base64-encoded PEM certificates`,
      ],
    ],
    [
      'on a token of several words',
      configOf([
        {
          name: 'one',
          ...local,
          serviceAccountToken: 'Bearer secret-of-the-account',
        },
      ]),
      [
        `Invalid cluster 'one' in ${KEY}[0]: serviceAccountToken: must be one token`,
      ],
    ],
    [
      'on a URL that is none, naming every other key that is wrong',
      configOf([
        { name: 'one', ...local, ...secrets, url: 'one', skipTLSVerify: 7 },
      ]),
      [
        `Invalid cluster 'one' in ${KEY}[0]: url: must be an http or https URL; skipTLSVerify: `,
      ],
    ],
    [
      'on a default cluster that is not there',
      configOf([{ name: 'one', ...local, ...secrets }], {
        defaultCluster: 'two',
      }),
      [`Invalid kubernetes.proxy.defaultCluster: no cluster is named 'two'`],
    ],
    ...['Authorization', 'cookie', 'X-Remote-User', 'Impersonate-User'].map(
      (name): [string, JsonObject, string[]] => [
        `on forwardHeaders with ${name}`,
        configOf([{ name: 'one', ...local, ...secrets }], {
          forwardHeaders: ['X-Forwarded-For', name],
        }),
        [
          `Invalid kubernetes.proxy.forwardHeaders: '${name}' is never forwarded`,
        ],
      ],
    ),
    [
      'on a duration that is none',
      configOf([{ name: 'one', ...local, ...secrets }], {
        permissionCacheTtl: { minutes: -1 },
      }),
      ['kubernetes.proxy.permissionCacheTtl'],
    ],
    [
      'on a locator of a later version',
      { clusterLocatorMethods: [{ type: 'gke', projectId: 'p' }] },
      ['Unsupported kubernetes.clusterLocatorMethods: "gke"'],
    ],
  ])('%s', async (_, kubernetes, messages) => {
    const text = await failedStart(kubernetes);
    for (const message of messages) {
      expect(text).toContain(message);
    }
    expect(text).not.toMatch(SECRET);
  });
});

describe('the log of a start', () => {
  it('has no secret of the configuration', async () => {
    const portal = await startPortal({
      kubernetes: configOf([
        {
          name: 'one',
          ...local,
          ...secrets,
          authProvider: 'serviceAccount',
          skipTLSVerify: true,
        },
      ]),
    });
    const lines = JSON.stringify(portal.log);
    expect(lines).toContain(`Cluster 'one' is configured with skipTLSVerify`);
    expect(lines).not.toMatch(SECRET);
    await portal.stop();
  });
});

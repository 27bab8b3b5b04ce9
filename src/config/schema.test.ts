import type { ConfigSchema, ConfigVisibility } from '@backstage/config-loader';
import { loadConfigSchema } from '@backstage/config-loader';
import type { JsonObject } from '@backstage/types';

const OURS = require.resolve('../../package.json');
const STOCK_BACKEND =
  require.resolve('@backstage/plugin-kubernetes-backend/package.json');
const STOCK_REACT =
  require.resolve('@backstage/plugin-kubernetes-react/package.json');

/** Every key of the stock packages' schemas. */
const stockConfig = {
  kubernetes: {
    objectTypes: ['pods', 'customresources'],
    serviceLocatorMethod: { type: 'multiTenant' },
    clusterLocatorContinueOnError: true,
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            url: 'https://10.0.0.1:6443',
            name: 'production',
            title: 'Production',
            serviceAccountToken: 'service-account-token',
            authProvider: 'serviceAccount',
            assumeRole: 'arn:aws:iam::1:role/portal',
            externalId: 'external-id',
            authMetadata: { 'kubernetes.io/auth-provider': 'oidc' },
            oidcTokenProvider: 'okta',
            skipTLSVerify: false,
            skipMetricsLookup: true,
            caData: 'ca-data',
            caFile: '/etc/ssl/production.pem',
            customResources: [
              { group: 'argoproj.io', apiVersion: 'v1', plural: 'rollouts' },
            ],
          },
        ],
      },
      {
        type: 'catalog',
        dangerouslyAllowClusterUrls: ['*.example.com'],
        dangerouslyAllowSkipTLSVerify: true,
      },
      { type: 'localKubectlProxy' },
      {
        type: 'gke',
        projectId: 'project',
        region: 'europe-west1',
        authProvider: 'google',
        skipTLSVerify: true,
        skipMetricsLookup: true,
        endpointType: 'dns',
      },
    ],
    customResources: [
      { group: 'cert-manager.io', apiVersion: 'v1', plural: 'certificates' },
    ],
    googleServiceAccountCredentials: '{}',
    apiVersionOverrides: { cronjobs: 'v1beta1', customresources: 'v2' },
    proxy: { middlewareCache: { maxSize: 10, ttl: { milliseconds: 1000 } } },
    podExecTerminal: { enabled: true },
    frontend: { podDelete: { enabled: true } },
  },
};

const ourProxyKeys = {
  defaultCluster: 'production',
  permissionCacheTtl: { seconds: 5 },
  connectTimeout: '10s',
  responseTimeout: { minutes: 1, seconds: 15 },
  forwardHeaders: ['X-Forwarded-For'],
  dangerouslyForwardImpersonationHeaders: false,
};

/** `stockConfig` with our keys, and with those that the stock code reads although its schema has no word of them. */
const fullConfig = {
  kubernetes: {
    ...stockConfig.kubernetes,
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            url: 'https://10.0.0.1:6443',
            name: 'production',
            authProvider: 'serviceAccount',
            dashboardUrl: 'https://dashboard.example.com',
            dashboardApp: 'gke',
            dashboardParameters: { projectId: 'project', zone: { number: 1 } },
          },
        ],
      },
      {
        type: 'gke',
        projectId: 'project',
        exposeDashboard: true,
        matchingResourceLabels: [{ key: 'team', value: 'portal' }],
      },
    ],
    proxy: { ...stockConfig.kubernetes.proxy, ...ourProxyKeys },
  },
};

/** The schema of the packages themselves, without their dependencies'. A key that it does not declare is refused. */
function load(...packagePaths: string[]): Promise<ConfigSchema> {
  return loadConfigSchema({
    dependencies: [],
    packagePaths,
    excludePackageDependencies: true,
    noUndeclaredProperties: true,
  });
}

/** What is left of a configuration for those who may see no more than `visibility`. */
function view(
  schema: ConfigSchema,
  data: JsonObject,
  visibility: ConfigVisibility,
): JsonObject {
  const [processed] = schema.process([{ context: 'test', data }], {
    visibility: [visibility],
  });
  return processed.data;
}

function withProxy(proxy: JsonObject): JsonObject {
  return { kubernetes: { ...stockConfig.kubernetes, proxy } };
}

function validate(schema: ConfigSchema, data: JsonObject): void {
  schema.process([{ context: 'test', data }]);
}

describe('the configuration schema', () => {
  let ours: ConfigSchema;
  let stock: ConfigSchema;
  let stockBackend: ConfigSchema;
  let merged: ConfigSchema;

  beforeAll(async () => {
    [ours, stock, stockBackend, merged] = await Promise.all([
      load(OURS),
      load(STOCK_BACKEND, STOCK_REACT),
      load(STOCK_BACKEND),
      load(OURS, STOCK_BACKEND, STOCK_REACT),
    ]);
  });

  it.each([
    ['alone', () => ours],
    ['merged with those of the stock packages', () => merged],
  ])('declares every key, %s', (_, schema) => {
    expect(() => validate(schema(), stockConfig)).not.toThrow();
    expect(() => validate(schema(), fullConfig)).not.toThrow();
  });

  it.each(['frontend', 'secret'] as const)(
    'leaves the %s view of the stock keys as the stock packages have it',
    visibility => {
      const expected = view(stock, stockConfig, visibility);

      expect(expected).not.toEqual({});
      expect(view(merged, stockConfig, visibility)).toEqual(expected);
      expect(view(ours, stockConfig, visibility)).toEqual(expected);
    },
  );

  it("shows a frontend what the stock backend's schema shows it", () => {
    const { podExecTerminal, frontend, ...backendKeys } =
      stockConfig.kubernetes;
    const data = { kubernetes: backendKeys };

    expect(view(ours, data, 'frontend')).toEqual(
      view(stockBackend, data, 'frontend'),
    );
  });

  it('shows a frontend none of our keys', () => {
    expect(view(ours, withProxy(ourProxyKeys), 'frontend')).toEqual(
      view(ours, withProxy({}), 'frontend'),
    );
  });

  it.each(['secrets', 'persistentvolumes', 'persistentvolumeclaims'])(
    'accepts the object type %s, which the stock schema lacks',
    objectType => {
      const data = {
        kubernetes: { ...stockConfig.kubernetes, objectTypes: [objectType] },
      };

      expect(() => validate(ours, data)).not.toThrow();
      expect(() => validate(stock, data)).toThrow('/objectTypes/0');
    },
  );

  it.each(['serviceLocatorMethod', 'clusterLocatorMethods'])(
    'requires %s, as the stock schema does',
    key => {
      const data = {
        kubernetes: { ...stockConfig.kubernetes, [key]: undefined },
      };

      expect(() => validate(ours, data)).toThrow(key);
      expect(() => validate(stock, data)).toThrow(key);
    },
  );

  it.each<[string, JsonObject]>([
    ['defaultCluster', { defaultCluster: ['production'] }],
    ['permissionCacheTtl', { permissionCacheTtl: ['5s'] }],
    ['connectTimeout', { connectTimeout: { seconds: 'ten' } }],
    ['responseTimeout', { responseTimeout: { seconds: [75] } }],
    ['forwardHeaders', { forwardHeaders: { name: 'X-Forwarded-For' } }],
    [
      'dangerouslyForwardImpersonationHeaders',
      { dangerouslyForwardImpersonationHeaders: 'sometimes' },
    ],
    ['middlewareCache/maxSize', { middlewareCache: { maxSize: 'many' } }],
  ])('refuses a %s of the wrong type', (key, proxy) => {
    expect(() => validate(ours, withProxy(proxy))).toThrow(
      `/kubernetes/proxy/${key}`,
    );
  });
});

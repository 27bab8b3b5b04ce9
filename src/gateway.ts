import type {
  AuditorService,
  AuthService,
  DiscoveryService,
  HttpAuthService,
  LoggerService,
  PermissionsService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import type {
  ClusterDetails,
  KubernetesClustersSupplier,
} from '@backstage/plugin-kubernetes-node';
import type { Router } from 'express';
import { AuthTranslators, createAuthTranslators } from './auth/translators';
import type { InClusterConnection } from './clusters/inCluster';
import { createListHandler } from './clusters/listHandler';
import { readConfigClusters } from './clusters/locators/config';
import { ClusterRegistry, createClusterRegistry } from './clusters/registry';
import { createRotatingFile } from './config/rotatingFile';
import { KubernetesSettings, readSettings } from './config/settings';
import type { Extensions } from './extensions';
import { createProxyAuthorizer } from './permissions/proxyAuthorizer';
import { createEngine } from './proxy/engine';
import { createProxyHandler } from './proxy/handler';
import { createTransportPool } from './proxy/transportPool';
import { createRouter } from './router';

/** The services of the backend that the gateway is built on. */
export interface GatewayServices {
  readonly auditor: AuditorService;
  readonly auth: AuthService;
  readonly config: RootConfigService;
  readonly discovery: DiscoveryService;
  readonly httpAuth: HttpAuthService;
  readonly logger: LoggerService;
  readonly permissions: PermissionsService;
}

export interface Gateway {
  readonly router: Router;
  /** Ends all connections to clusters. */
  close(): void;
}

/**
 * Puts the modules together.
 *
 * @param inCluster - how this process reaches the cluster that it runs in; undefined outside of one
 * @throws Error naming the setting that is wrong
 */
export async function createGateway(
  services: GatewayServices,
  extensions: Extensions,
  inCluster: InClusterConnection | undefined,
): Promise<Gateway> {
  const { config, logger, permissions } = services;
  const settings = readSettings(config);
  const translators = createAuthTranslators({
    logger,
    pod: inCluster && {
      url: inCluster.url,
      token: createRotatingFile(inCluster.tokenFile),
    },
    added: extensions.translators,
  });
  const configured = listConfigured(settings, translators, logger);
  const supplier = await extensions.clusterSupplier(configured);
  const clusters = createClusterRegistry({
    supplier,
    defaultCluster: settings.proxy.defaultCluster,
    inCluster,
  });
  if (supplier === configured) {
    await checkDefaultCluster(settings, services, clusters);
  }
  await warnOfSkippedVerification(services, clusters);
  extensions.warnOfUnserved(logger);

  const transports = createTransportPool();
  const externalUrl = await services.discovery.getExternalBaseUrl('kubernetes');
  const shared = { ...services, clusters, translators };
  const router = createRouter({
    proxy: createProxyHandler({
      ...shared,
      authorizer: createProxyAuthorizer({
        permissions,
        cacheTtl: settings.proxy.permissionCacheTtl,
      }),
      transports,
      engine: createEngine(settings.proxy.timeouts),
      headerPolicy: settings.proxy.headerPolicy,
      externalPath: new URL(externalUrl).pathname.replace(/\/$/, ''),
    }),
    listClusters: createListHandler(shared),
  });
  return { router, close: () => transports.destroy() };
}

function listConfigured(
  settings: KubernetesSettings,
  translators: AuthTranslators,
  logger: LoggerService,
): KubernetesClustersSupplier {
  const clusters: ClusterDetails[] = settings.locators.flatMap(locator =>
    readConfigClusters(locator.clusters, locator.key, translators.validate),
  );
  const names = clusters.map(({ name }) => name);
  for (const name of new Set(names.filter((n, i) => names.indexOf(n) !== i))) {
    logger.warn(`Duplicate cluster name '${name}'`);
  }
  Object.freeze(clusters);
  return { getClusters: async () => clusters };
}

async function checkDefaultCluster(
  { proxy: { defaultCluster } }: KubernetesSettings,
  { auth }: GatewayServices,
  clusters: ClusterRegistry,
): Promise<void> {
  if (defaultCluster === undefined) {
    return;
  }
  const known = await clusters.list(await auth.getOwnServiceCredentials());
  if (!known.some(({ name }) => name === defaultCluster)) {
    throw new Error(
      `Invalid kubernetes.proxy.defaultCluster: no cluster is named '${defaultCluster}'`,
    );
  }
}

async function warnOfSkippedVerification(
  { auth, logger }: GatewayServices,
  clusters: ClusterRegistry,
): Promise<void> {
  try {
    const known = await clusters.list(await auth.getOwnServiceCredentials());
    for (const { name, skipTLSVerify } of known) {
      if (skipTLSVerify) {
        logger.warn(
          `Cluster '${name}' is configured with skipTLSVerify: true; whoever can intercept its connections can read them and act as the portal`,
        );
      }
    }
  } catch (error) {
    logger.warn(
      'Could not look for clusters with skipTLSVerify',
      error as Error,
    );
  }
}

import {
  ANNOTATION_KUBERNETES_AUTH_PROVIDER,
  ANNOTATION_KUBERNETES_AWS_ASSUME_ROLE,
  ANNOTATION_KUBERNETES_AWS_EXTERNAL_ID,
  ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER,
} from '@backstage/plugin-kubernetes-common';
import type {
  AuthMetadata,
  ClusterDetails,
} from '@backstage/plugin-kubernetes-node';
import {
  ClusterConfig,
  clusterConfigSchema,
  describeIssues,
} from '../../config/clusterConfig';

/**
 * The clusters that app-config lists under a locator of type `config`.
 *
 * @param clusters - the value of `clusters`, as configured
 * @param key - where it stands in the configuration, for messages
 * @param validateAuth - start-up check of a cluster's auth settings
 * @throws Error naming the cluster and each key that is wrong
 */
export function readConfigClusters(
  clusters: unknown,
  key: string,
  validateAuth: (authMetadata: AuthMetadata) => Error[],
): ClusterDetails[] {
  if (!Array.isArray(clusters)) {
    throw new Error(`${key} must be a list of clusters`);
  }
  const names = new Set<string>();
  return clusters.map((entry, index) => {
    const parsed = clusterConfigSchema.safeParse(entry);
    if (!parsed.success) {
      const name = typeof entry?.name === 'string' ? entry.name : '?';
      throw new Error(
        `Invalid cluster '${name}' in ${key}[${index}]: ${describeIssues(parsed.error)}`,
      );
    }
    const details = toClusterDetails(parsed.data, validateAuth);
    if (names.has(details.name)) {
      throw new Error(`Duplicate cluster name '${details.name}' in ${key}`);
    }
    names.add(details.name);
    return details;
  });
}

function toClusterDetails(
  config: ClusterConfig,
  validateAuth: (authMetadata: AuthMetadata) => Error[],
): ClusterDetails {
  const authMetadata = toAuthMetadata(config);
  if (!authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER]) {
    throw new Error(
      `cluster '${config.name}' has no auth provider configured; set authProvider or authMetadata['${ANNOTATION_KUBERNETES_AUTH_PROVIDER}']`,
    );
  }
  const errors = validateAuth(authMetadata);
  if (errors.length > 0) {
    throw new Error(
      `Invalid cluster '${config.name}': ${errors.map(e => e.message).join(', ')}`,
    );
  }

  return {
    name: config.name,
    title: config.title,
    url: config.url,
    authMetadata,
    skipTLSVerify: config.skipTLSVerify ?? false,
    skipMetricsLookup: config.skipMetricsLookup ?? false,
    caData: config.caData,
    caFile: config.caFile,
    dashboardUrl: config.dashboardUrl,
    dashboardApp: config.dashboardApp,
    dashboardParameters: config.dashboardParameters,
    customResources: config.customResources,
  };
}

function toAuthMetadata(config: ClusterConfig): AuthMetadata {
  const fields: Record<string, string | undefined> = {
    [ANNOTATION_KUBERNETES_AUTH_PROVIDER]: config.authProvider,
    [ANNOTATION_KUBERNETES_AWS_ASSUME_ROLE]: config.assumeRole,
    [ANNOTATION_KUBERNETES_AWS_EXTERNAL_ID]: config.externalId,
    [ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER]: config.oidcTokenProvider,
    serviceAccountToken: config.serviceAccountToken?.trim(),
    ...config.authMetadata,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(
      (field): field is [string, string] => field[1] !== undefined,
    ),
  );
}

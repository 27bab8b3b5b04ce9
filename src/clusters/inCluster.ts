import { existsSync } from 'fs';
import { join } from 'path';
import { ANNOTATION_KUBERNETES_AUTH_PROVIDER } from '@backstage/plugin-kubernetes-common';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';

/** Where Kubernetes mounts a pod's service account (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/). */
export const SERVICE_ACCOUNT_DIRECTORY =
  '/var/run/secrets/kubernetes.io/serviceaccount';

/** How a pod reaches the API server of the cluster that it runs in. */
export interface InClusterConnection {
  readonly url: string;
  readonly caFile: string;
  readonly tokenFile: string;
}

// The insecure ports of old API servers and of `kubectl proxy`: the stock plugin's client library goes by them too.
const PLAIN_HTTP_PORTS = new Set(['80', '8001', '8080']);

/** @returns undefined when this process does not run in a pod with a service account. */
export function inClusterConnection(
  env: Readonly<Record<string, string | undefined>>,
  directory: string = SERVICE_ACCOUNT_DIRECTORY,
): InClusterConnection | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  const caFile = join(directory, 'ca.crt');
  if (!host || !existsSync(caFile)) {
    return undefined;
  }
  const scheme = PLAIN_HTTP_PORTS.has(port) ? 'http' : 'https';
  const authority = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${scheme}://${authority}:${port}`,
    caFile,
    tokenFile: join(directory, 'token'),
  };
}

/**
 * A cluster with provider `serviceAccount` and no token of its own is the one that the portal runs in, whatever URL it
 * was given: the pod's token must not go anywhere else.
 */
export function withInClusterConnection(
  cluster: ClusterDetails,
  inCluster: InClusterConnection | undefined,
): ClusterDetails {
  const { authMetadata } = cluster;
  if (
    !inCluster ||
    authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER] !== 'serviceAccount' ||
    authMetadata.serviceAccountToken
  ) {
    return cluster;
  }
  return inCluster.url.startsWith('https:')
    ? {
        ...cluster,
        url: inCluster.url,
        caFile: inCluster.caFile,
        caData: undefined,
      }
    : { ...cluster, url: inCluster.url };
}

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type {
  ClusterDetails,
  KubernetesClustersSupplier,
} from '@backstage/plugin-kubernetes-node';
import { HEADER_KUBERNETES_CLUSTER } from '../request/gatewayHeaders';
import type { AuthorizedRequest } from '../permissions/authorizedRequest';
import { InClusterConnection, withInClusterConnection } from './inCluster';

/** The clusters of this portal, by name. */
export interface ClusterRegistry {
  /** All clusters that the caller can see, in the order of their locators. */
  list(credentials: BackstageCredentials): Promise<readonly ClusterDetails[]>;
  /**
   * The cluster that a request is for: the named one, else the default one, else the only one.
   *
   * @throws NotFoundError
   */
  resolve(request: AuthorizedRequest): Promise<ClusterDetails>;
}

export interface ClusterRegistryOptions {
  readonly supplier: KubernetesClustersSupplier;
  /** The cluster of requests that name none. */
  readonly defaultCluster?: string;
  readonly inCluster?: InClusterConnection;
}

export function createClusterRegistry({
  supplier,
  defaultCluster,
  inCluster,
}: ClusterRegistryOptions): ClusterRegistry {
  // A frozen list cannot change: it is looked through once.
  const indexes = new WeakMap<ClusterDetails[], Map<string, ClusterDetails>>();

  async function index(
    credentials: BackstageCredentials,
  ): Promise<Map<string, ClusterDetails>> {
    const clusters = await supplier.getClusters({ credentials });
    let byName = indexes.get(clusters);
    if (!byName) {
      byName = new Map();
      for (const cluster of clusters) {
        if (!byName.has(cluster.name)) {
          byName.set(cluster.name, withInClusterConnection(cluster, inCluster));
        }
      }
      if (Object.isFrozen(clusters)) {
        indexes.set(clusters, byName);
      }
    }
    return byName;
  }

  return {
    list: credentials => supplier.getClusters({ credentials }),

    async resolve({ caller, clusterName }) {
      const clusters = await index(caller.credentials);
      if (clusters.size === 0) {
        throw new NotFoundError('No Clusters configured');
      }
      const name =
        clusterName ??
        defaultCluster ??
        (clusters.size === 1 ? [...clusters.keys()][0] : undefined);
      const cluster = name === undefined ? undefined : clusters.get(name);
      if (!cluster) {
        throw new NotFoundError(
          name === undefined
            ? `Cluster 'undefined' not found: name one in the header '${HEADER_KUBERNETES_CLUSTER}'`
            : `Cluster '${name}' not found`,
        );
      }
      return cluster;
    },
  };
}

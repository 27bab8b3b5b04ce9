import type { JsonObject } from '@backstage/types';
import { ApiServer, ApiServerOptions, startApiServer } from './apiServer';
import { Authority, createAuthority } from './certificates';
import { Portal, PortalOptions, startPortal } from './portal';

/** A portal in front of one API server, which it knows as cluster `one`. */
export interface Gateway {
  readonly portal: Portal;
  readonly cluster: ApiServer;
  readonly authority: Authority;
  stop(): Promise<void>;
}

export interface GatewayOptions extends Omit<PortalOptions, 'kubernetes'> {
  readonly cluster?: ApiServerOptions;
  /** Settings of cluster `one`, over the defaults. */
  readonly settings?: JsonObject;
  /** Further clusters. */
  readonly others?: JsonObject[];
  /** `kubernetes.proxy`. */
  readonly proxy?: JsonObject;
}

/** The service account token of cluster `one`. */
export const CLUSTER_TOKEN = 'cluster-token';

export async function startGateway({
  cluster: clusterOptions = {},
  settings = {},
  others = [],
  proxy = {},
  ...portalOptions
}: GatewayOptions = {}): Promise<Gateway> {
  const authority = await createAuthority();
  const cluster = await startApiServer({ authority, ...clusterOptions });
  const portal = await startPortal({
    kubernetes: configOf(
      [
        {
          name: 'one',
          url: cluster.url,
          caData: authority.caData,
          authProvider: 'serviceAccount',
          serviceAccountToken: CLUSTER_TOKEN,
          ...settings,
        },
        ...others,
      ],
      proxy,
    ),
    ...portalOptions,
  });
  return {
    portal,
    cluster,
    authority,
    async stop() {
      await portal.stop();
      await cluster.close();
    },
  };
}

/** The `kubernetes` section with these clusters. */
export function configOf(
  clusters: JsonObject[],
  proxy: JsonObject = {},
): JsonObject {
  return {
    serviceLocatorMethod: { type: 'multiTenant' },
    clusterLocatorMethods: [{ type: 'config', clusters }],
    proxy,
  };
}

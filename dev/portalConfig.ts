import type { JsonObject } from '@backstage/types';

export const portalHost = '127.0.0.1';
export const portalPort = 7007;
export const portalUrl = `http://${portalHost}:${portalPort}`;

/** The portal's whole configuration: no file and no variable adds to it. */
export function portalConfig(cluster: JsonObject): JsonObject {
  return {
    app: { baseUrl: portalUrl },
    backend: {
      baseUrl: portalUrl,
      listen: { host: portalHost, port: portalPort },
      database: { client: 'better-sqlite3', connection: ':memory:' },
      logger: { level: 'warn' },
    },
    auth: {
      // Anyone on this machine is the guest; nobody else reaches the port.
      providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
    },
    permission: { enabled: true },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [{ type: 'config', clusters: [cluster] }],
    },
  };
}

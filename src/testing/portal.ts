import type http from 'http';
import type { AddressInfo } from 'net';
import { createBackend } from '@backstage/backend-defaults';
import { HostDiscovery } from '@backstage/backend-defaults/discovery';
import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';
import {
  BackendFeature,
  coreServices,
  createBackendFeatureLoader,
  createBackendModule,
  createServiceFactory,
  LoggerService,
  RootLoggerService,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import permissionBackend from '@backstage/plugin-permission-backend';
import type { PermissionPolicy } from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import type { JsonObject } from '@backstage/types';
import kubernetesPlugin from '..';

/** A line of the portal's log, audit events included. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly meta: Record<string, unknown>;
}

/** A real Backstage backend with this plugin, on loopback. */
export interface Portal {
  readonly url: string;
  readonly port: number;
  readonly server: http.Server;
  readonly log: LogLine[];
  /** Calls the plugin as a signed-in user. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export interface PortalOptions {
  /** The `kubernetes` section of app-config; none leaves it out. */
  readonly kubernetes?: JsonObject;
  /** The rest of app-config. */
  readonly config?: JsonObject;
  /** Decides in a real permission backend; without one everything is allowed. */
  readonly policy?: PermissionPolicy;
  readonly features?: BackendFeature[];
  /** In place of the plugin itself. */
  readonly plugin?: BackendFeature;
}

/** The `Authorization` of a signed-in user. */
export const userAuthorization = (user = 'user:default/mock') =>
  mockCredentials.user.header(user);

/**
 * Starts `createBackend()` of backend-defaults, with its security headers, CORS, compression and access log. Tokens are
 * those of `@backstage/backend-test-utils`, so that no database is needed.
 */
export async function startPortal({
  kubernetes,
  config = {},
  policy,
  features = [],
  plugin = kubernetesPlugin,
}: PortalOptions): Promise<Portal> {
  const log: LogLine[] = [];
  const listening = listenOnAnyPort();
  const backend = createBackend();
  // What a loader brings gives way to the same service added directly.
  backend.add(
    createBackendFeatureLoader({
      loader: () => [
        mockServices.rootConfig.factory({
          data: {
            backend: { listen: { host: '127.0.0.1', port: 0 } },
            permission: { enabled: Boolean(policy) },
            ...(kubernetes && { kubernetes }),
            ...config,
          },
        }),
        recordingLogger(log),
        mockServices.auth.factory(),
        mockServices.httpAuth.factory({
          defaultCredentials: mockCredentials.none(),
        }),
        mockServices.userInfo.factory(),
        ...listening.services,
      ],
    }),
  );
  backend.add(plugin);
  features.forEach(feature => backend.add(feature));
  if (policy) {
    backend.add(permissionBackend);
    backend.add(policyModule(policy));
  }

  const stop = () => backend.stop();
  try {
    await backend.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const server = listening.server()!;
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    server,
    log,
    fetch: (path, init = {}) =>
      fetch(`${url}/api/kubernetes${path}`, {
        redirect: 'manual',
        ...init,
        headers: { authorization: userAuthorization(), ...init.headers },
      }),
    stop,
  };
}

/** An HTTP stack on a port that the system chooses, and a discovery service that knows it. */
function listenOnAnyPort() {
  let server: http.Server | undefined;
  const router = rootHttpRouterServiceFactory({
    configure(context) {
      server = context.server as unknown as http.Server;
      context.applyDefaults();
    },
  });
  const discovery = createServiceFactory({
    service: coreServices.discovery,
    deps: { started: coreServices.rootHttpRouter },
    factory() {
      const { port } = server!.address() as AddressInfo;
      return HostDiscovery.fromConfig(
        new ConfigReader({
          backend: {
            baseUrl: `http://127.0.0.1:${port}`,
            listen: { host: '127.0.0.1', port },
          },
        }),
      );
    },
  });
  return { services: [router, discovery], server: () => server };
}

function recordingLogger(log: LogLine[]) {
  const create = (labels: Record<string, unknown>): RootLoggerService => {
    const at = (level: string) => (message: string, meta?: unknown) => {
      log.push({
        level,
        message,
        meta: {
          ...labels,
          ...(meta instanceof Error
            ? { error: String(meta), stack: meta.stack }
            : (meta as object | undefined)),
        },
      });
    };
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      child: (more: object): LoggerService => create({ ...labels, ...more }),
    };
  };
  return createServiceFactory({
    service: coreServices.rootLogger,
    deps: {},
    factory: () => create({}),
  });
}

function policyModule(policy: PermissionPolicy): BackendFeature {
  return createBackendModule({
    pluginId: 'permission',
    moduleId: 'test-policy',
    register(env) {
      env.registerInit({
        deps: { policies: policyExtensionPoint },
        async init({ policies }) {
          policies.setPolicy(policy);
        },
      });
    },
  });
}

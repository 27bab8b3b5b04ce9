import { createBackend } from '@backstage/backend-defaults';
import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { allowAllPolicy } from './permissionPolicy';

/** A Backstage backend with guest sign-in, permissions and this plugin. */
export function createPortal(config: JsonObject) {
  const portal = createBackend();
  portal.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader(config),
    }),
  );
  portal.add(
    rootHttpRouterServiceFactory({
      configure({ applyDefaults, lifecycle, server }) {
        applyDefaults();
        // Or else the server waits for watches to end by themselves.
        lifecycle.addShutdownHook(() => server.closeAllConnections());
      },
    }),
  );
  portal.add(import('@backstage/plugin-auth-backend'));
  portal.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  portal.add(import('@backstage/plugin-permission-backend'));
  portal.add(allowAllPolicy);
  portal.add(import('../src'));
  return portal;
}

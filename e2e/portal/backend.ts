/** The portal of this suite: a real Backstage backend, in a process of its own, with the plugin from its sources. */
import { createBackend } from '@backstage/backend-defaults';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';

const allowAll = createBackendModule({
  pluginId: 'permission',
  moduleId: 'allow-all',
  register({ registerInit }) {
    registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy({
          handle: async () => ({ result: AuthorizeResult.ALLOW }),
        });
      },
    });
  },
});

async function start() {
  const backend = createBackend();
  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(allowAll);
  backend.add(import('../../src'));
  await backend.start();
  process.send?.({ type: 'ready' });
}

start().catch(error => {
  console.error(error);
  process.exit(1);
});

/** A process: the Backstage backend that is measured. The first argument is the Kubernetes plugin to install. */
import { createBackend } from '@backstage/backend-defaults';
import { noopPlugin } from './noopPlugin.js';
import { signInByHeader } from './signInByHeader.js';

const [kubernetesPlugin] = process.argv.slice(2);

const backend = createBackend();
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(signInByHeader);
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(
  import('@backstage/plugin-permission-backend-module-allow-all-policy'),
);
backend.add(noopPlugin);
backend.add(import(kubernetesPlugin));
await backend.start();

process.on('disconnect', () => process.exit());
process.send('started');

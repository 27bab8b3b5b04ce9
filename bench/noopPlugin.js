import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import Router from 'express-promise-router';
import { objectBody } from './clusterPaths.js';

/** The same answer without a cluster, behind the same sign-in: the most that this backend can do. */
export const noopPlugin = createBackendPlugin({
  pluginId: 'noop',
  register(env) {
    env.registerInit({
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        const router = Router();
        router.get('/', (_, response) => {
          response.type('json').send(objectBody);
        });
        httpRouter.use(router);
      },
    });
  },
});

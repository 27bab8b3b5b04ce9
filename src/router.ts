import type { RequestHandler, Router } from 'express';
import PromiseRouter from 'express-promise-router';

/** The handlers of the plugin's surfaces. */
export interface Surfaces {
  readonly proxy: RequestHandler;
  readonly listClusters: RequestHandler;
}

/** No body parser stands before these routes: what is proxied must arrive unread. */
export function createRouter({ proxy, listClusters }: Surfaces): Router {
  const router = PromiseRouter();
  router.use('/proxy', proxy);
  router.use('/clusters/:cluster/proxy', proxy);
  router.get('/clusters', listClusters);
  return router;
}

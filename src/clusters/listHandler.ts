import type {
  AuditorService,
  HttpAuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  ANNOTATION_KUBERNETES_AUTH_PROVIDER,
  ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER,
  kubernetesClustersReadPermission,
} from '@backstage/plugin-kubernetes-common';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { RequestHandler } from 'express';
import type { AuthTranslators } from '../auth/translators';
import { withholdQuery } from '../observability/withholdQuery';
import type { ClusterRegistry } from './registry';

export interface ListHandlerOptions {
  readonly logger: LoggerService;
  readonly httpAuth: HttpAuthService;
  readonly auditor: AuditorService;
  readonly permissions: PermissionsService;
  readonly clusters: ClusterRegistry;
  readonly translators: AuthTranslators;
}

/** `GET /clusters`: what a frontend may know of each cluster, for callers with `kubernetes.clusters.read`. */
export function createListHandler({
  logger,
  httpAuth,
  auditor,
  permissions,
  clusters,
  translators,
}: ListHandlerOptions): RequestHandler {
  return async (req, res) => {
    withholdQuery(req);
    const event = await auditor.createEvent({
      eventId: 'cluster-fetch',
      request: req,
      meta: { queryType: 'list' },
    });
    const onAuditFailure = (error: Error) =>
      logger.error('Failed to emit audit event cluster-fetch (list)', error);
    try {
      const credentials = await httpAuth.credentials(req);
      const [decision] = await permissions.authorize(
        [{ permission: kubernetesClustersReadPermission }],
        { credentials },
      );
      if (decision.result !== AuthorizeResult.ALLOW) {
        throw new NotAllowedError('Unauthorized');
      }
      const items = (await clusters.list(credentials)).map(cluster =>
        present(cluster, translators),
      );
      res.json({ items });
      event.success().catch(onAuditFailure);
    } catch (error) {
      event.fail({ error: error as Error }).catch(onAuditFailure);
      throw error;
    }
  };
}

/** Neither URL nor CA: a frontend has no use for them. */
function present(cluster: ClusterDetails, translators: AuthTranslators) {
  const { name, title, dashboardUrl, authMetadata } = cluster;
  return {
    name,
    title,
    dashboardUrl,
    authProvider: authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER],
    oidcTokenProvider: authMetadata[ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER],
    auth: translators.present(cluster),
  };
}

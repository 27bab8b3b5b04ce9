import { randomUUID } from 'crypto';
import type {
  AuditorService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError, NotImplementedError } from '@backstage/errors';
import type { Request, RequestHandler, Response } from 'express';
import { clusterIdentity } from '../auth/identity';
import type { AuthTranslators } from '../auth/translators';
import type { ClusterRegistry } from '../clusters/registry';
import type { HeaderPolicy } from '../config/settings';
import { beginProxyAudit, ProxyAudit } from '../observability/proxyAudit';
import { withholdQuery } from '../observability/withholdQuery';
import type { ProxyAuthorizer } from '../permissions/proxyAuthorizer';
import type { Engine } from './engine';
import { clusterRequestError, errorCode, errorKind } from './errors';
import { respondWithError } from './errorResponse';
import { HEADER_KUBERNETES_CLUSTER } from '../request/gatewayHeaders';
import { parseRequest } from '../request/parseRequest';
import { refuseImpersonation, requestHeaders } from './requestHeaders';
import { responseHeaders } from './responseHeaders';
import type { TransportPool } from './transportPool';

export interface ProxyHandlerOptions {
  readonly logger: LoggerService;
  readonly httpAuth: HttpAuthService;
  readonly auditor: AuditorService;
  readonly authorizer: ProxyAuthorizer;
  readonly clusters: ClusterRegistry;
  readonly translators: AuthTranslators;
  readonly transports: TransportPool;
  readonly engine: Engine;
  readonly headerPolicy: HeaderPolicy;
  /** Path of the plugin as clients see it, for `Location`: `/api/kubernetes`. */
  readonly externalPath: string;
}

/** The line that every proxied request follows, from the portal to the cluster and back. */
export function createProxyHandler(
  options: ProxyHandlerOptions,
): RequestHandler {
  return async (req, res) => {
    const id = randomUUID();
    const surface = surfaceOf(req);
    const request = { id, method: req.method, url: `${surface}${req.path}` };
    const { originalUrl } = req;
    withholdQuery(req);
    let audit: ProxyAudit | undefined;
    try {
      audit = await beginProxyAudit(
        options.auditor,
        options.logger,
        req,
        res,
        req.params.cluster ?? (req.get(HEADER_KUBERNETES_CLUSTER) || undefined),
      );
      await carry(req, res, { originalUrl, surface }, audit, options);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      audit?.failed(failure);
      log(options.logger, failure, request);
      if (!res.headersSent) {
        respondWithError(res, failure, request);
      }
    }
  };
}

async function carry(
  req: Request,
  res: Response,
  { originalUrl, surface }: { originalUrl: string; surface: string },
  audit: ProxyAudit,
  options: ProxyHandlerOptions,
): Promise<void> {
  const signal = abortedWhenClientLeaves(res);

  const { method, rawHeaders } = req;
  const parsed = parseRequest({
    method,
    url: apiPathOf(originalUrl, req.baseUrl),
    rawHeaders,
    clusterParam: req.params.cluster,
  });
  const caller = { credentials: await options.httpAuth.credentials(req) };

  const request = await options.authorizer.authorize({ ...parsed, caller });
  refuseUpgrade(request.headers.upgrade);
  refuseImpersonation(rawHeaders, options.headerPolicy);

  const cluster = await options.clusters.resolve(request);
  audit.resolved(cluster.name);

  const identity = await clusterIdentity(options.translators, request.headers, {
    cluster,
    requestAuth: request.headers.requestAuth,
    caller,
    signal,
  });

  const transport = await options.transports.for(cluster, identity.certificate);
  const { origin, basePath } = transport;
  const path = `${basePath}${request.path.raw}`;
  const headers = requestHeaders(
    req,
    { host: origin.host, authorization: identity.authorization },
    options.headerPolicy,
  );

  await options.engine
    .forward({
      req,
      res,
      transport,
      path,
      headers,
      answerHeaders: answer =>
        responseHeaders(answer, res, {
          requested: `${origin.origin}${path}`,
          basePath,
          surface: `${options.externalPath}${surface}`,
        }),
    })
    .catch(error => {
      throw clusterRequestError(cluster.name, error);
    });
}

/** What the client called, relative to the plugin: `/proxy` or `/clusters/<name>/proxy`, as it was sent. */
function surfaceOf(req: Request): string {
  return /(?:\/clusters\/[^/]+)?\/proxy$/i.exec(req.baseUrl)?.[0] ?? '';
}

/** What follows the surface, byte for byte: of a path that begins with two slashes Express would take one away. */
function apiPathOf(originalUrl: string, baseUrl: string): string {
  if (!originalUrl.startsWith(baseUrl)) {
    throw new InputError('The request target must be a path');
  }
  const rest = originalUrl.slice(baseUrl.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function abortedWhenClientLeaves(res: Response): AbortSignal {
  if (res.destroyed) {
    return AbortSignal.abort();
  }
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) {
      controller.abort();
    }
  });
  return controller.signal;
}

/** Other protocols may be ignored (RFC 9110 §7.8): `h2c` is offered by clients that only want to send a GET. */
function refuseUpgrade(upgrade: string | undefined): void {
  if (upgrade && /websocket|spdy/.test(upgrade)) {
    throw new NotImplementedError(
      'This gateway does not carry upgraded connections (WebSocket, SPDY) yet',
    );
  }
}

/** Failures of the cluster or of the gateway; what the client got wrong is the client's to know. */
function log(
  logger: LoggerService,
  error: Error,
  { id, method, url }: { id: string; method: string; url: string },
): void {
  const { statusCode } = errorKind(error);
  if (statusCode < 500 || statusCode === 501) {
    return;
  }
  const code = errorCode((error as { cause?: unknown }).cause ?? error);
  const meta = { requestId: id, method, path: url, ...(code && { code }) };
  if (statusCode === 500) {
    logger.error(`Failed to proxy a request: ${error.message}`, meta);
  } else {
    logger.warn(error.message, meta);
  }
}

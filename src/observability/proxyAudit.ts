import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Request, Response } from 'express';

/** The audit record of one proxied request: begun when it comes in, ended once, when its answer is over. */
export interface ProxyAudit {
  /** The cluster that the request turned out to be for. */
  resolved(clusterName: string): void;
  /** Ends the record as failed, with the gateway's own error. */
  failed(error: Error): void;
}

/**
 * Begins the stock plugin's `cluster-fetch` event. Without a record of its beginning a request is not carried out.
 *
 * @param req - with its query string withheld
 * @param named - the cluster that the client named
 * @throws whatever the auditor throws
 */
export async function beginProxyAudit(
  auditor: AuditorService,
  logger: LoggerService,
  req: Request,
  res: Response,
  named: string | undefined,
): Promise<ProxyAudit> {
  const clusterName = named ?? 'unknown';
  const event = await auditor.createEvent({
    eventId: 'cluster-fetch',
    severityLevel: 'medium',
    request: req,
    meta: {
      queryType: 'proxy',
      clusterName,
      method: req.method,
      path: req.path,
    },
  });

  let ended = false;
  let resolvedName = clusterName;
  const end = (error?: Error) => {
    if (ended) {
      return;
    }
    ended = true;
    const meta =
      resolvedName === clusterName
        ? {}
        : { meta: { clusterName: resolvedName } };
    const record = error ? event.fail({ error, ...meta }) : event.success(meta);
    record.catch(cause =>
      logger.error('Failed to emit proxy audit event', cause),
    );
  };

  const onClose = () => {
    if (!res.writableFinished) {
      end(new Error('Client disconnected before response completed'));
    } else if (res.statusCode >= 400) {
      end(new Error(`Proxy responded with status ${res.statusCode}`));
    } else {
      end();
    }
  };
  if (res.destroyed) {
    onClose();
  } else {
    res.once('close', onClose);
  }
  return {
    resolved(name) {
      resolvedName = name;
    },
    failed: end,
  };
}

import type { Response } from 'express';
import { errorKind } from './errors';

/** What an error answer says of the request: never its query string, which may hold a secret. */
export interface FailedRequest {
  readonly id: string;
  readonly method: string;
  /** Relative to the plugin, as Backstage's own error middleware writes it: `/proxy/api/v1/pods`. */
  readonly url: string;
}

/**
 * Answers with an error of the gateway's own, in one body that both worlds read: `error`, `request` and `response` as
 * Backstage's error middleware writes them, and a Kubernetes `Status` for kubectl and client libraries
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
 *
 * `details.causes[0].reason` is `BackstageGateway`, so that nobody takes it for the cluster's own answer. The message
 * of an unexpected error stays in the log.
 */
export function respondWithError(
  res: Response,
  error: unknown,
  request: FailedRequest,
): void {
  const { statusCode, reason } = errorKind(error);
  const expected = statusCode !== 500 && error instanceof Error;
  const name = expected ? error.name : 'InternalError';
  const message = expected
    ? error.message
    : 'The gateway failed to handle the request';

  res.status(statusCode).json({
    error: { name, message },
    request,
    response: { statusCode },
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details: {
      causes: [
        { reason: 'BackstageGateway', message: `request id ${request.id}` },
      ],
    },
    code: statusCode,
  });
}

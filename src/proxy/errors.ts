import {
  AuthenticationError,
  CustomErrorBase,
  InputError,
  NotAllowedError,
  NotFoundError,
  NotImplementedError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** The cluster refused the connection, broke it, or failed its TLS check: 502. */
export class BadGatewayError extends CustomErrorBase {
  name = 'BadGatewayError' as const;
}

/** The cluster did not answer in time: 504. */
export class GatewayTimeoutError extends CustomErrorBase {
  name = 'GatewayTimeoutError' as const;
}

/**
 * The client asked to act as somebody else. Refused rather than dropped: whoever typed `kubectl --as=limited delete`
 * must not run as the portal's own identity.
 */
export class ImpersonationRefusedError extends NotAllowedError {}

/** Status and Kubernetes `reason` of an error that the gateway itself answers. */
export interface ErrorKind {
  readonly statusCode: number;
  readonly reason: string;
}

// Reasons as in k8s.io/apimachinery/pkg/apis/meta/v1/types.go; it has none for 501 and 502.
const KINDS: ReadonlyArray<[new (...args: any[]) => Error, ErrorKind]> = [
  [InputError, { statusCode: 400, reason: 'BadRequest' }],
  [AuthenticationError, { statusCode: 401, reason: 'Unauthorized' }],
  [NotAllowedError, { statusCode: 403, reason: 'Forbidden' }],
  [NotFoundError, { statusCode: 404, reason: 'NotFound' }],
  [NotImplementedError, { statusCode: 501, reason: 'NotImplemented' }],
  [BadGatewayError, { statusCode: 502, reason: 'BadGateway' }],
  [ServiceUnavailableError, { statusCode: 503, reason: 'ServiceUnavailable' }],
  [GatewayTimeoutError, { statusCode: 504, reason: 'Timeout' }],
];

const INTERNAL: ErrorKind = { statusCode: 500, reason: 'InternalError' };

/** What to answer for an error; anything that the gateway did not throw on purpose is a 500. */
export function errorKind(error: unknown): ErrorKind {
  const byClass = KINDS.find(([type]) => error instanceof type);
  if (byClass) {
    return byClass[1];
  }
  // A module may carry its own copy of @backstage/errors, so that its classes are not ours.
  const name = error instanceof Error ? error.name : undefined;
  return KINDS.find(([type]) => type.name === name)?.[1] ?? INTERNAL;
}

const UNKNOWN_HOST = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
]);
const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/**
 * Turns a failure to reach a cluster into the error that the client sees. Its message names the cluster and what went
 * wrong, never an address, a port or a path. What happened is its `cause`, for the operator's log.
 */
export function clusterRequestError(cluster: string, cause: unknown): Error {
  const [Failure, what] = diagnose(cause);
  const error = new Failure(`Cluster '${cluster}' request error; ${what}`);
  Object.defineProperty(error, 'cause', { value: cause, enumerable: false });
  return error;
}

type FailureClass =
  | typeof BadGatewayError
  | typeof GatewayTimeoutError
  | typeof ServiceUnavailableError;

function diagnose(cause: unknown): [FailureClass, string] {
  const code = errorCode(cause);
  if (cause instanceof GatewayTimeoutError) {
    return [GatewayTimeoutError, cause.message];
  }
  if (cause instanceof BadGatewayError) {
    return [BadGatewayError, cause.message];
  }
  if (code === 'ETIMEDOUT') {
    return [GatewayTimeoutError, 'no connection in time'];
  }
  if (UNKNOWN_HOST.has(code)) {
    return [
      ServiceUnavailableError,
      'the host name of the cluster cannot be resolved',
    ];
  }
  if (REFUSED.has(code)) {
    return [BadGatewayError, 'the connection was refused'];
  }
  if (BROKEN.has(code)) {
    return [BadGatewayError, 'the connection was closed before an answer'];
  }
  if (code.startsWith('HPE_')) {
    return [BadGatewayError, 'the answer is not valid HTTP'];
  }
  // Codes of OpenSSL and of certificate checks, which carry no address: DEPTH_ZERO_SELF_SIGNED_CERT and the like.
  if (/CERT|TLS|SSL|CRL|CHAIN|SIGNATURE|EPROTO/.test(code)) {
    return [BadGatewayError, `the TLS connection failed (${code})`];
  }
  return [BadGatewayError, 'the request failed'];
}

/** The machine-readable part of a Node.js error; empty when it has none. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

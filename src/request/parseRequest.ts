import { InputError, NotImplementedError } from '@backstage/errors';
import { ApiPath, parseApiPath } from './apiPath';
import {
  GatewayHeaders,
  HEADER_KUBERNETES_CLUSTER,
  readGatewayHeaders,
} from './gatewayHeaders';

/** What a client asks of the gateway, parsed once. */
export interface ParsedRequest {
  /** The cluster that the client named, in the path or in the header. */
  readonly clusterName?: string;
  /** The request to the API server: what is authorised is what is forwarded. */
  readonly path: ApiPath;
  readonly headers: GatewayHeaders;
}

/** The parts of an HTTP request that the gateway reads. */
export interface HttpRequest {
  readonly method: string;
  /** What follows the surface's prefix, byte for byte. */
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** The `:cluster` of the path, on the surface that has one. */
  readonly clusterParam?: string;
}

/**
 * @throws InputError for everything that could be read in two ways
 * @throws NotImplementedError for TRACE, whose answer repeats the request: the cluster's credential must not be in it
 *   (RFC 9110 §9.3.8)
 */
export function parseRequest({
  method,
  url,
  rawHeaders,
  clusterParam,
}: HttpRequest): ParsedRequest {
  if (method === 'TRACE') {
    throw new NotImplementedError('This gateway does not carry TRACE');
  }
  const headers = readGatewayHeaders(rawHeaders);
  if (
    clusterParam !== undefined &&
    headers.cluster !== undefined &&
    headers.cluster !== clusterParam
  ) {
    throw new InputError(
      `The header '${HEADER_KUBERNETES_CLUSTER}' and the path name different clusters`,
    );
  }
  return {
    clusterName: clusterParam ?? headers.cluster,
    path: parseApiPath(method, url),
    headers,
  };
}

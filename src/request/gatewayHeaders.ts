import { InputError } from '@backstage/errors';
import type { KubernetesRequestAuth } from '@backstage/plugin-kubernetes-common';
import { namedByConnection } from './hopByHop';

/** Names the cluster that a request is for. */
export const HEADER_KUBERNETES_CLUSTER = 'Backstage-Kubernetes-Cluster';

/**
 * Carries the caller's credential for the cluster: alone, the whole `Authorization` value; with `-<provider>` or
 * `-<provider>-<sub-provider>` appended, the raw token for that auth provider.
 */
export const HEADER_KUBERNETES_AUTH = 'Backstage-Kubernetes-Authorization';

const CLUSTER = HEADER_KUBERNETES_CLUSTER.toLowerCase();
const AUTH = HEADER_KUBERNETES_AUTH.toLowerCase();
const AUTH_PREFIX = `${AUTH}-`;

/** What a client says to the gateway itself. */
export interface GatewayHeaders {
  /** The cluster's name; undefined when the header is missing or empty. */
  readonly cluster?: string;
  /** The `Authorization` to send verbatim, possibly empty; undefined when the client sent none. */
  readonly authorization?: string;
  /** Tokens by auth provider, in lower case as HTTP header names are: `{ google: 'T', oidc: { okta: 'T' } }`. */
  readonly requestAuth: KubernetesRequestAuth;
  /** The protocols that the client wants to switch to, lower-case, as `Upgrade` lists them (RFC 9110 §7.8). */
  readonly upgrade?: string;
}

/**
 * Reads the headers that are meant for the gateway.
 *
 * @param rawHeaders - names and values in turns, as Node.js received them
 * @throws InputError when a header that decides cluster or identity is sent twice: which one counts must not depend on
 *   who parses it.
 */
export function readGatewayHeaders(
  rawHeaders: readonly string[],
): GatewayHeaders {
  const seen = new Set<string>();
  let cluster: string | undefined;
  let authorization: string | undefined;
  let upgrade: string | undefined;
  let connection = '';
  // Without a prototype: `…-Authorization-__proto__` is just another provider that nobody has.
  const requestAuth: Record<string, any> = Object.create(null);

  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (name === 'upgrade') {
      upgrade = rawHeaders[i + 1].toLowerCase();
    } else if (name === 'connection') {
      connection = `${connection},${rawHeaders[i + 1]}`;
    }
    if (name !== 'authorization' && !name.startsWith('backstage-kubernetes-')) {
      continue;
    }
    if (seen.has(name)) {
      throw new InputError(`Header '${rawHeaders[i]}' must be sent only once`);
    }
    seen.add(name);

    const value = rawHeaders[i + 1];
    if (name === CLUSTER) {
      cluster = value || undefined;
    } else if (name === AUTH) {
      authorization = value;
    } else if (name.startsWith(AUTH_PREFIX)) {
      addToken(requestAuth, name.slice(AUTH_PREFIX.length), value);
    }
  }
  return {
    cluster,
    authorization,
    requestAuth,
    upgrade: namedByConnection(connection).includes('upgrade')
      ? upgrade
      : undefined,
  };
}

function addToken(
  requestAuth: Record<string, any>,
  suffix: string,
  token: string,
): void {
  const dash = suffix.indexOf('-');
  if (dash === -1) {
    requestAuth[suffix] ??= token;
    return;
  }
  const provider = suffix.slice(0, dash);
  if (typeof requestAuth[provider] !== 'object') {
    requestAuth[provider] = Object.create(null);
  }
  requestAuth[provider][suffix.slice(dash + 1)] = token;
}

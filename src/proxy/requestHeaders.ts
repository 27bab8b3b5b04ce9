import type { OutgoingHttpHeaders } from 'http';
import type { HeaderPolicy } from '../config/settings';
import { isNeverForwarded, normalizedName } from '../request/headerNames';
import { isHopByHop, namedByConnection } from '../request/hopByHop';
import { bodyFraming, IncomingHead } from './bodyFraming';
import { ImpersonationRefusedError } from './errors';

/** The headers that the gateway sets itself. */
export interface GatewaySetHeaders {
  /** Authority of the cluster, with its port unless that is the scheme's own. */
  readonly host: string;
  /** The whole value, scheme included; undefined sends none. */
  readonly authorization?: string;
}

// Names are compared as `normalizedName` has them.
const DROPPED = new Set([
  'authorization',
  'cookie',
  'cookie2',
  // Set anew below.
  'content-length',
  'host',
  // Answered by this server before the handler runs (RFC 9110 §10.1.1).
  'expect',
  'forwarded',
  'x-real-ip',
]);
const DROPPED_PREFIXES = [
  // What speaks to this plugin.
  'backstage-',
  // How a front proxy names the user to an API server.
  'x-remote-',
  'proxy-',
  'x-forwarded-',
  // Carries tokens, and belongs to an upgrade.
  'sec-websocket-',
  // How the proxies that Backstage can sign users in by assert who they are: whoever holds such an assertion can sign in.
  'cf-access-',
  'x-amzn-oidc-',
  'x-auth-request-',
  'x-goog-authenticated-',
  'x-goog-iap-',
  'x-ms-client-principal',
  'x-ms-token-',
  'x-pomerium-',
];

/** @throws ImpersonationRefusedError when the client asks to be somebody else and the operator does not allow it. */
export function refuseImpersonation(
  rawHeaders: readonly string[],
  policy: HeaderPolicy,
): void {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (isImpersonation(rawHeaders[i]) && !isAdmitted(rawHeaders[i], policy)) {
      throw new ImpersonationRefusedError(
        `Header '${rawHeaders[i]}' is refused: this gateway decides who a request runs as`,
      );
    }
  }
}

/**
 * The headers of the request to the cluster: what the client sent, less everything that would let it choose its
 * identity or that belongs to its own connection, and then ours on top.
 *
 * @throws InputError when the framing of the body is ambiguous (RFC 9112 §6.3)
 */
export function requestHeaders(
  incoming: IncomingHead,
  set: GatewaySetHeaders,
  policy: HeaderPolicy,
): OutgoingHttpHeaders {
  const { rawHeaders } = incoming;
  const hopByHop = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].toLowerCase() === 'connection') {
      namedByConnection(rawHeaders[i + 1]).forEach(name => hopByHop.add(name));
    }
  }

  const headers: OutgoingHttpHeaders = Object.create(null);
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    // `Connection: Impersonate-User` would turn a request as somebody less into one as the gateway's own identity.
    const removed = hopByHop.has(name) && !isImpersonation(name);
    if (!removed && mayPass(name, policy)) {
      append(headers, name, rawHeaders[i + 1]);
    }
  }

  Object.assign(headers, bodyFraming(incoming));
  headers.host = set.host;
  if (set.authorization !== undefined) {
    headers.authorization = set.authorization;
  }
  assertOurIdentityOnly(headers, set, policy);
  return headers;
}

function mayPass(name: string, policy: HeaderPolicy): boolean {
  const normalized = normalizedName(name);
  if (isHopByHop(normalized)) {
    return false;
  }
  if (isImpersonation(name)) {
    return isAdmitted(name, policy);
  }
  if (policy.forward.has(name) && !isNeverForwarded(name)) {
    return true;
  }
  return (
    !DROPPED.has(normalized) &&
    !DROPPED_PREFIXES.some(prefix => normalized.startsWith(prefix))
  );
}

/** Fails closed, should a rule above ever let through what decides the identity of a request. */
function assertOurIdentityOnly(
  headers: OutgoingHttpHeaders,
  set: GatewaySetHeaders,
  policy: HeaderPolicy,
): void {
  for (const name of Object.keys(headers)) {
    const normalized = normalizedName(name);
    const ours =
      name === 'authorization' && headers[name] === set.authorization;
    const impersonates = isImpersonation(name) && !isAdmitted(name, policy);
    if (
      (normalized === 'authorization' && !ours) ||
      normalized.startsWith('x-remote-') ||
      impersonates
    ) {
      throw new Error(`Header '${name}' must not leave the gateway`);
    }
  }
}

function isImpersonation(name: string): boolean {
  return normalizedName(name).startsWith('impersonate-');
}

/** Only the spelling that an API server reads is ever let through. */
function isAdmitted(name: string, policy: HeaderPolicy): boolean {
  return policy.forwardImpersonation && !name.includes('_');
}

function append(
  headers: OutgoingHttpHeaders,
  name: string,
  value: string,
): void {
  const existing = headers[name];
  if (existing === undefined) {
    headers[name] = value;
  } else if (Array.isArray(existing)) {
    existing.push(value);
  } else {
    headers[name] = [String(existing), value];
  }
}

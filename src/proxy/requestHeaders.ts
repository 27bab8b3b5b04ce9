import type { OutgoingHttpHeaders } from 'http';
import { InputError } from '@backstage/errors';
import { ImpersonationRefusedError } from './errors';
import { isHopByHop, namedByConnection } from './hopByHop';

/** Which headers of a client an operator lets through besides the harmless ones. */
export interface HeaderPolicy {
  /** Lower-case names that are forwarded although they are dropped by default. */
  readonly forward: ReadonlySet<string>;
  /** Forward a client's `Impersonate-*` instead of refusing the request. */
  readonly forwardImpersonation: boolean;
}

/** The parts of an incoming request that decide what its outgoing headers are. */
export interface IncomingHead {
  readonly method?: string;
  /** Names and values in turns, as Node.js received them. */
  readonly rawHeaders: readonly string[];
}

/** The headers that the gateway sets itself. */
export interface GatewaySetHeaders {
  /** Authority of the cluster, with its port unless that is the scheme's own. */
  readonly host: string;
  /** The whole value, scheme included; undefined sends none. */
  readonly authorization?: string;
}

// Names are compared with `_` read as `-`: servers behind CGI-like interfaces do not tell the two apart.
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

/** Names that no configuration may re-admit. Takes any spelling. */
export function isNeverForwarded(name: string): boolean {
  const normalized = normalize(name);
  return (
    /^(authorization|cookie2?|content-length|host|expect)$/.test(normalized) ||
    /^(backstage|impersonate|proxy|x-remote)-/.test(normalized) ||
    isHopByHop(normalized)
  );
}

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
  const normalized = normalize(name);
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

/**
 * Node.js frames a body by its headers: with neither, a DELETE would send its bytes after the end of the request, where
 * the next request on that connection begins.
 */
function bodyFraming({
  method,
  rawHeaders,
}: IncomingHead): OutgoingHttpHeaders {
  let length: string | undefined;
  let coding: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (name === 'content-length') {
      length = rawHeaders[i + 1];
    } else if (name === 'transfer-encoding') {
      coding = coding ? `${coding}, ${rawHeaders[i + 1]}` : rawHeaders[i + 1];
    }
  }
  if (coding !== undefined) {
    if (length !== undefined) {
      throw new InputError(
        'Content-Length and Transfer-Encoding exclude each other',
      );
    }
    if (coding.trim().toLowerCase() !== 'chunked') {
      throw new InputError('The only transfer coding understood is chunked');
    }
    return { 'transfer-encoding': 'chunked' };
  }
  if (length !== undefined) {
    return { 'content-length': length };
  }
  // Without this, Node.js would send these methods an empty chunked body.
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
    ? { 'content-length': '0' }
    : {};
}

/** Fails closed, should a rule above ever let through what decides the identity of a request. */
function assertOurIdentityOnly(
  headers: OutgoingHttpHeaders,
  set: GatewaySetHeaders,
  policy: HeaderPolicy,
): void {
  for (const name of Object.keys(headers)) {
    const normalized = normalize(name);
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
  return normalize(name).startsWith('impersonate-');
}

/** Only the spelling that an API server reads is ever let through. */
function isAdmitted(name: string, policy: HeaderPolicy): boolean {
  return policy.forwardImpersonation && !name.includes('_');
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
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

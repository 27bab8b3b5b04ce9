import { X509Certificate } from 'crypto';
import http from 'http';
import https from 'https';
import { isIP, isIPv6 } from 'net';
import type { PeerCertificate } from 'tls';
import type { ClientCertificate } from '../auth/identity';

/** Everything that tells one way to connect to a cluster from another. Never a token: those differ by request. */
export interface ConnectionSettings {
  readonly url: string;
  /** The authorities to trust, in PEM; undefined for those of the system. */
  readonly ca?: string;
  readonly skipTLSVerify: boolean;
  readonly certificate?: ClientCertificate;
}

/** Kept-alive connections to one cluster, with one set of {@link ConnectionSettings}. */
export interface Transport {
  readonly origin: URL;
  /** Path of the cluster's URL, without a trailing slash; empty for the root. */
  readonly basePath: string;
  readonly target: { protocol: string; hostname: string; port: string };
  readonly agent: http.Agent;
  /** Lets running requests finish on their connections and keeps none afterwards. */
  retire(): void;
  /** Ends all connections now. */
  destroy(): void;
}

/** How long an idle connection is kept, in milliseconds, unless the cluster announces less. */
const IDLE_TIMEOUT = 30_000;

/** A silent watch finds out that its cluster is gone after this time, in milliseconds, and the system's retries. */
const TCP_KEEP_ALIVE = 30_000;

export function createTransport(
  { url, ca, skipTLSVerify, certificate }: ConnectionSettings,
  idleTimeout: number = IDLE_TIMEOUT,
): Transport {
  const origin = new URL(url);
  // A URL writes an IPv6 literal in brackets (RFC 3986 §3.2.2), which the resolver does not take.
  const hostname = origin.hostname.replace(/^\[|\]$/g, '');
  const pool = {
    keepAlive: true,
    keepAliveMsecs: TCP_KEEP_ALIVE,
    timeout: idleTimeout,
    maxFreeSockets: 256,
  };
  const agent =
    origin.protocol === 'https:'
      ? new https.Agent({
          ...pool,
          ca,
          rejectUnauthorized: !skipTLSVerify,
          // RFC 6066 §3: a server name is never an address.
          servername: isIP(hostname) ? '' : hostname,
          cert: certificate?.cert,
          key: certificate?.key,
          ...(isIPv6(hostname) && { checkServerIdentity: isFor(hostname) }),
        })
      : new http.Agent(pool);

  return {
    origin,
    basePath: origin.pathname.replace(/\/$/, ''),
    target: { protocol: origin.protocol, hostname, port: origin.port },
    agent,
    retire() {
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) {
        sockets?.forEach(socket => socket.destroy());
      }
    },
    destroy: () => agent.destroy(),
  };
}

/** Node.js 22.23 compares an IPv6 literal with the names of a certificate and never with its addresses; OpenSSL does. */
function isFor(address: string) {
  return (_host: string, { raw }: PeerCertificate): Error | undefined =>
    new X509Certificate(raw).checkIP(address)
      ? undefined
      : Object.assign(new Error('The certificate is for another address'), {
          code: 'ERR_TLS_CERT_ALTNAME_INVALID',
        });
}

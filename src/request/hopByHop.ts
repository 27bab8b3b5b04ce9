// RFC 9110 §7.6.1 and the names that RFC 2616 §13.5.1 added; HTTP2-Settings belongs to an h2c upgrade (RFC 7540 §3.2.1).
const HOP_BY_HOP = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header belongs to one connection alone, whatever `Connection` says. Takes the lower-case name. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/** The lower-case header names that a `Connection` value declares hop-by-hop. */
export function namedByConnection(value: string | undefined): string[] {
  return value ? value.split(',').map(token => token.trim().toLowerCase()) : [];
}

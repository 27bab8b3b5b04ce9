import { isHopByHop } from './hopByHop';

/**
 * A header name for comparison, with `_` read as `-`: servers behind CGI-like interfaces do not tell the two apart.
 */
export function normalizedName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Names that no configuration may re-admit. Takes any spelling. */
export function isNeverForwarded(name: string): boolean {
  const normalized = normalizedName(name);
  return (
    /^(authorization|cookie2?|content-length|host|expect)$/.test(normalized) ||
    /^(backstage|impersonate|proxy|x-remote)-/.test(normalized) ||
    isHopByHop(normalized)
  );
}

/** Where the parts of a rewritten `Location` come from. */
export interface LocationContext {
  /** The URL that was requested from the cluster. */
  readonly requested: string;
  /** Path of the cluster's own URL, without a trailing slash; empty for the root. */
  readonly basePath: string;
  /** Path of the surface that the client called, on the portal: `/api/kubernetes/proxy`. */
  readonly surface: string;
}

/**
 * The `Location` to show the client: on the surface that it called, for a target on the cluster itself. Undefined when
 * the target is anywhere else (CVE-2022-3172: an aggregated API server could send clients, and their credentials,
 * wherever it likes).
 *
 * A URL is resolved as browsers do it (WHATWG), so that `//evil`, `/\evil` and a tab in the scheme are seen as what
 * they would do there.
 */
export function rewriteLocation(
  location: string,
  { requested, basePath, surface }: LocationContext,
): string | undefined {
  if (!URL.canParse(location, requested)) {
    return undefined;
  }
  const target = new URL(location, requested);
  if (
    target.origin !== new URL(requested).origin ||
    target.username ||
    target.password
  ) {
    return undefined;
  }
  // An API server behind a base path does not know of it and answers with its own paths.
  const apiPath = target.pathname.startsWith(`${basePath}/`)
    ? target.pathname.slice(basePath.length)
    : target.pathname;
  return `${surface}${apiPath}${target.search}${target.hash}`;
}

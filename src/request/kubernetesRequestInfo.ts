/**
 * What a request asks of a Kubernetes API server, in the server's own terms.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export interface KubernetesRequestInfo {
  /** The HTTP method, as received. */
  readonly method: string;
  /** Whether the path names an API resource; `/healthz`, `/api/v1` and other discovery do not. */
  readonly isResourceRequest: boolean;
  /**
   * `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection` or the legacy `proxy`; empty for
   * a method without a verb. The lower-case HTTP method where no resource is named.
   */
  readonly verb: string;
  /** `api` or `apis`. */
  readonly apiPrefix?: string;
  /** Empty for the core group. */
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  /** The namespace that holds the resource, or the one that a request for a `namespaces` object names. */
  readonly namespace?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  /**
   * Index of the first path segment that belongs to what a `proxy` subresource leads to, and not to the API; the
   * number of segments where the path ends before it.
   */
  readonly servicePathIndex?: number;
  /** False where the API's part of the path has empty segments, or a legacy verb and nothing behind it. */
  readonly isWellFormed: boolean;
}

const API_PREFIXES: ReadonlySet<string> = new Set(['api', 'apis']);
const SPECIAL_VERBS: ReadonlySet<string> = new Set(['proxy', 'watch']);
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set([
  'status',
  'finalize',
]);
const VERB_OF_METHOD: ReadonlyMap<string, string> = new Map([
  ['POST', 'create'],
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
]);

/**
 * Reads a request as the API server does before it authorises it.
 *
 * A `limit`, `labelSelector` or other list option that does not parse makes the API server forget a name in the field
 * selector; it answers such a request with 400, so it is not looked at here.
 *
 * @param segments - the path's segments, each percent-decoded; `/` is one empty segment
 * @param query - the query as sent, without its question mark
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
 */
export function parseKubernetesRequestInfo(
  method: string,
  segments: readonly string[],
  query: string,
): KubernetesRequestInfo {
  // The API server trims slashes at both ends before it splits.
  const end = segments.findLastIndex(Boolean) + 1;
  let next = Math.max(segments.findIndex(Boolean), 0);

  const nonResource: KubernetesRequestInfo = {
    method,
    isResourceRequest: false,
    verb: method.toLowerCase(),
    // A trailing slash is no empty segment.
    isWellFormed: segments.slice(0, -1).every(Boolean),
  };
  if (end - next < 3 || !API_PREFIXES.has(segments[next])) {
    return nonResource;
  }
  const apiPrefix = segments[next++];
  const isGrouped = apiPrefix === 'apis';
  if (isGrouped && end - next < 3) {
    return { ...nonResource, apiPrefix };
  }
  const resourceRequest = {
    ...nonResource,
    isResourceRequest: true,
    apiPrefix,
    apiGroup: isGrouped ? segments[next++] : '',
    apiVersion: segments[next++] || undefined,
  };

  const verbInPath = SPECIAL_VERBS.has(segments[next]);
  if (verbInPath && end - next < 2) {
    return { ...resourceRequest, isWellFormed: false };
  }
  let verb = verbInPath ? segments[next++] : (VERB_OF_METHOD.get(method) ?? '');

  let namespace: string | undefined;
  if (segments[next] === 'namespaces' && end - next > 1) {
    namespace = segments[next + 1] || undefined;
    if (end - next > 2 && !NAMESPACE_SUBRESOURCES.has(segments[next + 2])) {
      next += 2;
    }
  }

  const [resource, nameInPath, third] = segments.slice(next, end);
  // What follows the name is the service's own path for the legacy `proxy` verb.
  const subresource = verb === 'proxy' ? undefined : third;
  let name = nameInPath || undefined;
  if (!name && verb === 'get') {
    const options = parseListOptions(query);
    verb = options.watch ? 'watch' : 'list';
    name = options.name;
  } else if (!name && verb === 'delete') {
    verb = 'deletecollection';
  }

  // The API's own part of a path that goes on to a service: {resource}/{name}, and /proxy where that is no verb.
  const apiParts = next + (verb === 'proxy' ? 2 : 3);
  const leadsToService =
    (verb === 'proxy' || subresource === 'proxy') &&
    end >= apiParts &&
    segments.slice(0, apiParts).every(Boolean);
  return {
    ...resourceRequest,
    verb,
    namespace,
    resource: resource || undefined,
    name,
    subresource: subresource || undefined,
    servicePathIndex: leadsToService ? apiParts : undefined,
    isWellFormed: leadsToService || nonResource.isWellFormed,
  };
}

const READ_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const READ_VERBS: ReadonlySet<string> = new Set([
  'get',
  'head',
  'list',
  'watch',
]);
const CONNECT_SUBRESOURCES: ReadonlySet<string> = new Set([
  'attach',
  'exec',
  'portforward',
  'proxy',
]);

/**
 * Whether a permission decision of a moment ago may answer for this request: a read that neither runs anything nor
 * reaches past the API. The method counts beside the verb, because the legacy `/api/v1/watch/…` is a `watch` even for
 * POST.
 */
export function isReplayableRead({
  method,
  verb,
  subresource = '',
  isWellFormed,
}: KubernetesRequestInfo): boolean {
  return (
    isWellFormed &&
    READ_METHODS.has(method) &&
    READ_VERBS.has(verb) &&
    !CONNECT_SUBRESOURCES.has(subresource.toLowerCase())
  );
}

/**
 * The options that change verb and name of a list request.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/runtime/conversion.go Convert_Slice_string_To_bool
 */
function parseListOptions(query: string): { watch: boolean; name?: string } {
  // Go's net/url drops a pair with a malformed escape or a semicolon (golang.org/issue/25192), WHATWG keeps it.
  const pairs = query
    .split('&')
    .filter(pair => !/;|%(?![0-9a-f]{2})/i.test(pair));
  // The leading `&` keeps a question mark that is the first character of a key.
  const parameters = new URLSearchParams(`&${pairs.join('&')}`);
  const watch = parameters.get('watch')?.toLowerCase();
  return {
    watch: watch !== undefined && watch !== 'false' && watch !== '0',
    name: nameInFieldSelector(parameters.get('fieldSelector') ?? ''),
  };
}

/**
 * The name that a field selector requires, as in `metadata.name=web,status.phase=Running`.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/fields/selector.go
 */
function nameInFieldSelector(selector: string): string | undefined {
  let name: string | undefined;
  for (const term of splitTerms(selector)) {
    const [, field, operator, escaped] =
      /^(.*?)(!=|==?)(.*)$/s.exec(term) ?? [];
    if (escaped === undefined || !/^(?:[^\\,=]|\\[\\,=])*$/.test(escaped)) {
      return undefined; // one term that does not parse spoils the selector
    }
    if (field === 'metadata.name' && operator !== '!=') {
      name ??= escaped.replace(/\\(.)/gs, '$1');
    }
  }
  return name && isPathSegmentName(name) ? name : undefined;
}

/** Splits at commas that no backslash escapes, and sorts: of two names the API server takes the first in that order. */
function splitTerms(selector: string): string[] {
  return (selector.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? []).sort();
}

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/api/validation/path/name.go */
function isPathSegmentName(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/%]/.test(name);
}

import { groupVersion, ResourceType, resourceTypes } from './resources';

/** What an API path names: a collection, an object or its subresource. */
export interface ObjectPath {
  resource: ResourceType;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/**
 * Reads `/api/v1/…` and `/apis/<group>/<version>/…`.
 *
 * Undefined for a path that names nothing this cluster has.
 */
export function parseObjectPath(path: string): ObjectPath | undefined {
  const match =
    /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)\/(?<rest>.+)$/.exec(
      path,
    );
  if (!match?.groups) {
    return undefined;
  }
  const { group, version, rest } = match.groups;
  const served = resourceTypes.filter(
    type =>
      groupVersion(type) === groupVersion({ group: group ?? '', version }),
  );
  const segments = rest.split('/').map(decode);

  // `/namespaces/demo/status` is about the namespace itself, where
  // `/namespaces/demo/pods` is about what is in it.
  const scoped =
    segments[0] === 'namespaces' &&
    served.find(type => type.namespaced && type.plural === segments[2]);
  const [plural, name, subresource, ...more] = scoped
    ? segments.slice(2)
    : segments;
  const namespace = scoped ? segments[1] : undefined;
  const resource = scoped || served.find(type => type.plural === plural);

  if (!resource || more.length > 0 || name === '' || namespace === '') {
    return undefined;
  }
  if (name && resource.namespaced && !namespace) {
    return undefined;
  }
  if (subresource !== undefined) {
    return resource.subresources.includes(subresource)
      ? { resource, namespace, name, subresource }
      : undefined;
  }
  return { resource, namespace, name };
}

function decode(segment: string) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

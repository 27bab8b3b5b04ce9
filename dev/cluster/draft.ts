import { randomBytes } from 'node:crypto';
import type { JsonValue } from '@backstage/types';
import { isJsonObject, ObjectDraft } from './kubeObject';
import type { ObjectPath } from './requestPath';
import { groupVersion } from './resources';
import { badRequest, invalid } from './status';

const dnsSubdomain =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Checks what a client sent as an object for this path; names it if asked. */
export function readDraft(path: ObjectPath, body: JsonValue): ObjectDraft {
  const { resource } = path;
  if (!isJsonObject(body)) {
    throw badRequest('the body is not an object');
  }
  const { apiVersion = groupVersion(resource), kind = resource.kind } = body;
  if (apiVersion !== groupVersion(resource) || kind !== resource.kind) {
    throw badRequest(
      `${kind} in version "${apiVersion}" cannot be handled as a ${resource.kind}`,
    );
  }
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  const name = metadata.name ?? generatedName(metadata.generateName);
  if (typeof name !== 'string' || name === '') {
    throw invalid(
      resource,
      '',
      'metadata.name',
      'Required value: name or generateName is required',
    );
  }
  if (!dnsSubdomain.test(name) || name.length > 253) {
    throw invalid(
      resource,
      name,
      'metadata.name',
      `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist ` +
        "of lower case alphanumeric characters, '-' or '.'",
    );
  }
  if (path.name !== undefined && name !== path.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${path.name})`,
    );
  }
  const { namespace = path.namespace } = metadata;
  if (resource.namespaced && namespace !== path.namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  return {
    ...body,
    metadata: {
      ...metadata,
      name,
      ...(resource.namespaced && { namespace: path.namespace }),
    },
  };
}

function generatedName(prefix: JsonValue | undefined) {
  return typeof prefix === 'string' && prefix
    ? `${prefix}${randomBytes(3).toString('hex').slice(0, 5)}`
    : undefined;
}

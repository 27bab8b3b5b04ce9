import type { JsonValue } from '@backstage/types';
import { isJsonObject, KubeObject } from './kubeObject';
import type { ObjectPath } from './requestPath';
import { fieldMatcher, labelMatcher } from './selectors';
import type { WriteOptions } from './store';

/** A request for objects, less what only HTTP knows. */
export interface ObjectRequest {
  method: string;
  path: ObjectPath;
  query: URLSearchParams;
  contentType: string;
  readBody(): Promise<JsonValue>;
  now(): Date;
}

/** What a request's two selectors and its path select. */
export function selectionOf({ path, query }: ObjectRequest) {
  const labels = labelMatcher(query.get('labelSelector'));
  const fields = fieldMatcher(path.resource, query.get('fieldSelector'));
  const { namespace } = path;
  return (object: KubeObject) =>
    (!namespace || object.metadata.namespace === namespace) &&
    labels(object) &&
    fields(object);
}

export function keyOf({ resource, namespace, name = '' }: ObjectPath) {
  return { resource, namespace, name };
}

export function writeOptions(
  query: URLSearchParams,
  deleteOptions?: JsonValue,
): WriteOptions {
  const inBody =
    isJsonObject(deleteOptions) && Array.isArray(deleteOptions.dryRun)
      ? deleteOptions.dryRun
      : [];
  return { dryRun: query.has('dryRun') || inBody.includes('All') };
}

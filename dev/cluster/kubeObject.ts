import type { JsonObject, JsonValue } from '@backstage/types';

export type ObjectMeta = JsonObject & {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  generation?: number;
  labels?: { [key in string]: string };
  annotations?: { [key in string]: string };
};

/** An object as the store holds it: complete, and never changed in place. */
export type KubeObject = JsonObject & {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
};

/** An object as a client sends it: nothing in it can be relied on yet. */
export type ObjectDraft = JsonObject & {
  metadata: JsonObject & { name: string; namespace?: string };
};

export function isJsonObject(
  value: JsonValue | undefined,
): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path such as `status.phase`. */
export function fieldAt(object: JsonObject, path: string) {
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (value, key) => (isJsonObject(value) ? value[key] : undefined),
      object,
    );
}

/** The objects in a list at a dotted path; none if there is no list. */
export function listAt(object: JsonObject, path: string): JsonObject[] {
  const value = fieldAt(object, path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** RFC 3339 in whole seconds, as Kubernetes writes `metav1.Time`. */
export function timestamp(date: Date) {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** What is undefined is left out, as it is on the wire. */
export function cloneJson<Value extends JsonValue>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

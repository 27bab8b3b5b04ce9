import type { JsonArray, JsonValue } from '@backstage/types';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from './kubeObject';

/**
 * The keys by which Kubernetes merges a list, by the list's field name.
 *
 * A real API server takes them from each type (`patchMergeKey`). For the types
 * served here the field's name is enough, `ports` being the one with two keys:
 * a container's and a Service's.
 */
const mergeKeys = new Map<string, string[]>([
  ['conditions', ['type']],
  ['containers', ['name']],
  ['env', ['name']],
  ['ephemeralContainers', ['name']],
  ['hostAliases', ['ip']],
  ['imagePullSecrets', ['name']],
  ['initContainers', ['name']],
  ['ownerReferences', ['uid']],
  ['ports', ['containerPort', 'port']],
  ['topologySpreadConstraints', ['topologyKey']],
  ['volumeMounts', ['mountPath']],
  ['volumes', ['name']],
]);

/** Lists of plain values that are merged as sets. */
const sets = new Set(['finalizers']);

const setElementOrder = '$setElementOrder/';
const deleteFromPrimitiveList = '$deleteFromPrimitiveList/';

/**
 * A strategic merge patch: a merge patch that also merges keyed lists.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function applyStrategicMergePatch(
  target: JsonValue | undefined,
  patch: JsonValue,
): JsonValue {
  if (!isJsonObject(patch)) {
    return patch;
  }
  const { $patch: directive, $retainKeys: retained, ...changes } = patch;
  if (directive === 'replace') {
    return changes;
  }
  if (directive === 'delete') {
    return {};
  }
  const result = new Map(Object.entries(isJsonObject(target) ? target : {}));
  if (Array.isArray(retained)) {
    for (const key of result.keys()) {
      if (!retained.includes(key)) {
        result.delete(key);
      }
    }
  }
  // Lists first, then the order of what is in them.
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined) {
      result.delete(key);
    } else if (key.startsWith(deleteFromPrimitiveList)) {
      const field = key.slice(deleteFromPrimitiveList.length);
      const removed = listOf(value);
      const kept = listOf(result.get(field)).filter(
        item => !removed.includes(item),
      );
      result.set(field, kept);
    } else if (!key.startsWith('$')) {
      result.set(key, mergeField(key, result.get(key), value));
    }
  }
  for (const [key, order] of Object.entries(changes)) {
    const field = key.slice(setElementOrder.length);
    const list = result.get(field);
    if (key.startsWith(setElementOrder) && Array.isArray(list)) {
      result.set(field, reorder(field, list, listOf(order)));
    }
  }
  return Object.fromEntries(result);
}

function mergeField(
  field: string,
  target: JsonValue | undefined,
  patch: JsonValue,
): JsonValue {
  if (!Array.isArray(patch)) {
    return applyStrategicMergePatch(target, patch);
  }
  if (sets.has(field)) {
    return [...new Set([...listOf(target), ...patch])];
  }
  const key = mergeKeyOf(field, patch);
  if (!key || patch.some(isReplaceMarker)) {
    return patch.filter(item => !isReplaceMarker(item));
  }
  const merged = [...listOf(target)];
  for (const item of patch.filter(isJsonObject)) {
    const at = merged.findIndex(other => sameElement(key, other, item));
    if (item.$patch === 'delete') {
      merged.splice(at, at < 0 ? 0 : 1);
    } else if (at < 0) {
      merged.push(applyStrategicMergePatch(undefined, item));
    } else {
      merged[at] = applyStrategicMergePatch(merged[at], item);
    }
  }
  return merged;
}

/** Elements that the order names take its places; others keep theirs after. */
function reorder(field: string, list: JsonArray, order: JsonArray): JsonArray {
  const key = mergeKeyOf(field, order);
  const rank = (item: JsonValue) => {
    const at = order.findIndex(other =>
      key ? sameElement(key, other, item) : isDeepStrictEqual(other, item),
    );
    return at < 0 ? order.length : at;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}

function mergeKeyOf(field: string, items: JsonArray): string | undefined {
  return mergeKeys
    .get(field)
    ?.find(key =>
      items.every(
        item =>
          isReplaceMarker(item) ||
          (isJsonObject(item) && item[key] !== undefined),
      ),
    );
}

/** `- $patch: replace` in a list: the others are the whole list. */
function isReplaceMarker(item: JsonValue) {
  return isDeepStrictEqual(item, { $patch: 'replace' });
}

function sameElement(key: string, a: JsonValue, b: JsonValue) {
  return isJsonObject(a) && isJsonObject(b) && a[key] === b[key];
}

function listOf(value: JsonValue | undefined): JsonArray {
  return Array.isArray(value) ? value : [];
}

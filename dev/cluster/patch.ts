import type { JsonValue } from '@backstage/types';
import { applyJsonPatch, JsonPatchError } from './jsonPatch';
import type { KubeObject } from './kubeObject';
import { applyMergePatch } from './mergePatch';
import type { ResourceType } from './resources';
import { invalid, unsupportedMediaType } from './status';
import { applyStrategicMergePatch } from './strategicMergePatch';

export const applyPatchType = 'application/apply-patch+yaml';

/** How each Content-Type of a PATCH changes an object. */
const patchTypes = new Map([
  ['application/json-patch+json', applyJsonPatch],
  ['application/merge-patch+json', applyMergePatch],
  ['application/strategic-merge-patch+json', applyStrategicMergePatch],
  // Server-side apply without field ownership: what is applied is merged by
  // the same list keys; nothing is removed, and no manager conflicts.
  [applyPatchType, applyStrategicMergePatch],
]);

export function applyPatch(
  resource: ResourceType,
  object: KubeObject,
  contentType: string,
  patch: JsonValue,
): JsonValue {
  const apply = patchTypes.get(contentType);
  if (!apply) {
    throw unsupportedMediaType([...patchTypes.keys()]);
  }
  try {
    return apply(object, patch);
  } catch (error) {
    if (error instanceof JsonPatchError) {
      throw invalid(resource, object.metadata.name, 'patch', error.message);
    }
    throw error;
  }
}

import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@backstage/types';
import { isJsonObject, KubeObject, ObjectDraft } from './kubeObject';
import type { ResourceType } from './resources';

/** Set by the server alone: a client's value is dropped. */
const serverOwned = [
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'selfLink',
];

/**
 * What defaulting gives a new object. No controller and no kubelet runs here:
 * a new Pod stays Pending, and a new Deployment makes no Pods.
 */
export function admitNew(
  resource: ResourceType,
  draft: ObjectDraft,
): ObjectDraft {
  const { status: _, ...rest } = withoutFields(draft, [
    ...serverOwned,
    'uid',
    'resourceVersion',
  ]);
  const spec = isJsonObject(draft.spec) ? draft.spec : {};
  switch (resource.kind) {
    case 'Namespace':
      return {
        ...rest,
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      };
    case 'Pod':
      return { ...rest, spec, status: { phase: 'Pending' } };
    case 'Service':
      return {
        ...rest,
        spec: { type: 'ClusterIP', ...clusterIp(spec), ...spec },
        status: { loadBalancer: {} },
      };
    case 'Deployment':
    case 'ReplicaSet':
      return {
        ...rest,
        metadata: { ...rest.metadata, generation: 1 },
        spec: { replicas: 1, ...spec },
        status: {},
      };
    default:
      return rest;
  }
}

/** `status` changes through its subresource, and nothing else does there. */
export function admitUpdate(
  previous: KubeObject,
  draft: ObjectDraft,
  subresource?: string,
): ObjectDraft {
  const { uid, resourceVersion } = draft.metadata;
  if (subresource === 'status') {
    const { status = previous.status } = draft;
    return {
      ...previous,
      metadata: { ...previous.metadata, uid, resourceVersion },
      ...(status !== undefined && { status }),
    };
  }
  const { status: _, ...rest } = withoutFields(draft, serverOwned);
  const { generation, deletionTimestamp } = previous.metadata;
  const specChanged = !isDeepStrictEqual(draft.spec, previous.spec);
  return {
    ...rest,
    metadata: {
      ...rest.metadata,
      ...(generation && { generation: generation + Number(specChanged) }),
      ...(deletionTimestamp && { deletionTimestamp }),
    },
    ...(previous.status !== undefined && { status: previous.status }),
  };
}

function withoutFields(draft: ObjectDraft, fields: string[]): ObjectDraft {
  const metadata = { ...draft.metadata };
  for (const field of fields) {
    delete metadata[field];
  }
  return { ...draft, metadata };
}

/** Seeded Services are in 10.96.0.0/24, so these two never meet. */
function clusterIp(spec: JsonObject): JsonObject {
  if (spec.type === 'ExternalName') {
    return {};
  }
  const { clusterIP = `10.96.${randomInt(1, 256)}.${randomInt(1, 255)}` } =
    spec;
  return { clusterIP, clusterIPs: [clusterIP] };
}

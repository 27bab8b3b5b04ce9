/** One kind of object that the demo cluster serves. */
export interface ResourceType {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: string[];
  /** `all` is what `kubectl get all` gets. */
  categories: string[];
  namespaced: boolean;
  subresources: string[];
  /** What a fieldSelector may name besides metadata.name and .namespace. */
  selectableFields: string[];
}

function resource(
  type: Pick<ResourceType, 'plural' | 'kind'> & Partial<ResourceType>,
): ResourceType {
  return {
    group: '',
    version: 'v1',
    singular: type.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    subresources: [],
    selectableFields: [],
    ...type,
  };
}

export const namespaces = resource({
  plural: 'namespaces',
  kind: 'Namespace',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['status'],
  selectableFields: ['status.phase'],
});

export const pods = resource({
  plural: 'pods',
  kind: 'Pod',
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['status', 'log'],
  selectableFields: ['status.phase', 'spec.nodeName'],
});

export const services = resource({
  plural: 'services',
  kind: 'Service',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: ['status'],
});

export const configMaps = resource({
  plural: 'configmaps',
  kind: 'ConfigMap',
  shortNames: ['cm'],
});

/** Nothing writes events here; `kubectl describe` asks for them. */
export const events = resource({
  plural: 'events',
  kind: 'Event',
  shortNames: ['ev'],
  selectableFields: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'type',
  ],
});

export const deployments = resource({
  group: 'apps',
  plural: 'deployments',
  kind: 'Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: ['status'],
});

/** What ties a Deployment to its Pods in `kubectl describe`. */
export const replicaSets = resource({
  group: 'apps',
  plural: 'replicasets',
  kind: 'ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  subresources: ['status'],
});

export const resourceTypes: readonly ResourceType[] = [
  namespaces,
  pods,
  services,
  configMaps,
  events,
  deployments,
  replicaSets,
];

/** `apps/v1`, or `v1` for the core group. */
export function groupVersion(type: Pick<ResourceType, 'group' | 'version'>) {
  return type.group ? `${type.group}/${type.version}` : type.version;
}

/** `deployments.apps`, or `pods` for the core group: as messages name it. */
export function qualifiedName(type: ResourceType) {
  return type.group ? `${type.plural}.${type.group}` : type.plural;
}

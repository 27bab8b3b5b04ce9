import type { JsonObject, JsonValue } from '@backstage/types';
import { fieldAt, isJsonObject, listAt } from './kubeObject';
import type { ResourceType } from './resources';

interface Column {
  name: string;
  cell: (object: JsonObject) => JsonValue;
}

const column = (name: string, cell: Column['cell']): Column => ({ name, cell });

const field =
  (path: string, absent: JsonValue = '') =>
  (object: JsonObject) =>
    fieldAt(object, path) ?? absent;

/** What `kubectl get` shows of a kind between its name and its age. */
const columns = new Map<string, Column[]>([
  ['Namespace', [column('Status', field('status.phase'))]],
  ['ConfigMap', [column('Data', configMapEntries)]],
  [
    'Pod',
    [
      column('Ready', podReady),
      column('Status', field('status.phase')),
      column('Restarts', podRestarts),
    ],
  ],
  [
    'Service',
    [
      column('Type', field('spec.type')),
      column('Cluster-IP', field('spec.clusterIP', '<none>')),
      column('External-IP', field('spec.externalName', '<none>')),
      column('Port(s)', servicePorts),
    ],
  ],
  [
    'Deployment',
    [
      column(
        'Ready',
        object =>
          `${field('status.readyReplicas', 0)(object)}/` +
          `${field('spec.replicas', 0)(object)}`,
      ),
      column('Up-to-date', field('status.updatedReplicas', 0)),
      column('Available', field('status.availableReplicas', 0)),
    ],
  ],
  [
    'ReplicaSet',
    [
      column('Desired', field('spec.replicas', 0)),
      column('Current', field('status.replicas', 0)),
      column('Ready', field('status.readyReplicas', 0)),
    ],
  ],
]);

/**
 * How an object or a list is shown to a client with this Accept header: as it
 * is or, to kubectl, as a `Table` of cells that the server has filled.
 */
export function presentationFor(
  resource: ResourceType,
  accept: string | undefined,
  now: () => Date,
): (body: JsonObject) => JsonObject {
  return /;\s*as=Table/i.test(accept ?? '')
    ? body => asTable(resource, body, now())
    : body => body;
}

function asTable(resource: ResourceType, body: JsonObject, now: Date) {
  const shown = [
    column('Name', field('metadata.name')),
    ...(columns.get(resource.kind) ?? []),
    column('Age', object =>
      humanDuration(
        now.getTime() -
          Date.parse(String(fieldAt(object, 'metadata.creationTimestamp'))),
      ),
    ),
  ];
  const objects = Array.isArray(body.items)
    ? body.items.filter(isJsonObject)
    : [body];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {
      resourceVersion: fieldAt(body, 'metadata.resourceVersion') ?? '',
    },
    columnDefinitions: shown.map(({ name }) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: 0,
    })),
    rows: objects.map(object => ({
      cells: shown.map(({ cell }) => cell(object)),
      object: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object.metadata,
      },
    })),
  };
}

function configMapEntries(object: JsonObject) {
  return ['data', 'binaryData']
    .map(name => fieldAt(object, name))
    .filter(isJsonObject)
    .reduce((sum, entries) => sum + Object.keys(entries).length, 0);
}

function podReady(pod: JsonObject) {
  const statuses = listAt(pod, 'status.containerStatuses');
  const ready = statuses.filter(status => status.ready === true);
  return `${ready.length}/${listAt(pod, 'spec.containers').length}`;
}

function podRestarts(pod: JsonObject) {
  return listAt(pod, 'status.containerStatuses').reduce(
    (sum, { restartCount }) => sum + Number(restartCount ?? 0),
    0,
  );
}

function servicePorts(service: JsonObject) {
  const ports = listAt(service, 'spec.ports').map(
    ({ port, protocol = 'TCP' }) => `${port}/${protocol}`,
  );
  return ports.join(',') || '<none>';
}

/** `42s`, `7m`, `3h`, `12d`: the largest unit that is not less than two. */
export function humanDuration(milliseconds: number) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ];
  for (const [unit, length] of units) {
    if (seconds >= 2 * length) {
      return `${Math.floor(seconds / length)}${unit}`;
    }
  }
  return `${seconds}s`;
}

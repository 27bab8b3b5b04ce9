import { KubeObject, timestamp } from './kubeObject';
import { namespaces, resourceTypes } from './resources';
import type { ObjectStore } from './store';

/** Marks a namespace for deletion; the controller does the rest. */
export function terminateNamespace(
  store: ObjectStore,
  namespace: KubeObject,
  now: Date,
) {
  return store.update(namespaces, {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp: timestamp(now) },
    status: { phase: 'Terminating' },
  });
}

export function isTerminating({ metadata }: KubeObject) {
  return metadata.deletionTimestamp !== undefined;
}

/**
 * Empties and removes namespaces that are being deleted.
 *
 * Not at once: `kubectl delete -f` names a namespace and then what is in it,
 * and is not to find that gone already.
 */
export function startNamespaceController(store: ObjectStore, delayMs = 1000) {
  const timers = new Set<NodeJS.Timeout>();
  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    if (
      type !== 'MODIFIED' ||
      resource !== namespaces ||
      !isTerminating(object)
    ) {
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      removeNamespace(store, object);
    }, delayMs);
    timers.add(timer);
  });
  return () => {
    unsubscribe();
    timers.forEach(timer => clearTimeout(timer));
  };
}

function removeNamespace(store: ObjectStore, { metadata }: KubeObject) {
  const { name, uid } = metadata;
  const key = { resource: namespaces, name };
  if (store.find(key)?.metadata.uid !== uid) {
    return;
  }
  for (const resource of resourceTypes.filter(type => type.namespaced)) {
    for (const object of store.list(resource, name)) {
      store.delete({ resource, namespace: name, name: object.metadata.name });
    }
  }
  store.delete(key);
}

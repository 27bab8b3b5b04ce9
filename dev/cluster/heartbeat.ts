import { isJsonObject, listAt, timestamp } from './kubeObject';
import { canary } from './seed';
import type { ObjectStore } from './store';

/** Lets the canary Pod's readiness come and go, so that a watch shows life. */
export function startHeartbeat(
  store: ObjectStore,
  now: () => Date,
  intervalMs = 3000,
) {
  const timer = setInterval(() => toggleReadiness(store, now()), intervalMs);
  return () => clearInterval(timer);
}

export function toggleReadiness(store: ObjectStore, now: Date) {
  const pod = store.find(canary);
  if (!pod) {
    return; // Somebody deleted it, as they may.
  }
  const statuses = listAt(pod, 'status.containerStatuses');
  const ready = !statuses.every(status => status.ready);
  const readiness = {
    status: ready ? 'True' : 'False',
    lastTransitionTime: timestamp(now),
  };
  store.update(canary.resource, {
    ...pod,
    status: {
      ...(isJsonObject(pod.status) && pod.status),
      conditions: listAt(pod, 'status.conditions').map(condition =>
        String(condition.type).endsWith('Ready')
          ? { ...condition, ...readiness }
          : condition,
      ),
      containerStatuses: statuses.map(status => ({ ...status, ready })),
    },
  });
}

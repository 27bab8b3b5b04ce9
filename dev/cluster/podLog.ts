import type { ServerResponse } from 'node:http';
import { fieldAt, KubeObject, listAt } from './kubeObject';
import { badRequest } from './status';
import type { ObjectStore } from './store';

const lineIntervalMs = 1000;

/** Older lines are gone, as after a log's rotation. */
const maxLines = 500;

const requests = ['/', '/products', '/products/42', '/cart', '/healthz'];
const durations = [3, 14, 8, 27, 1];

/**
 * Answers `…/pods/<name>/log` and, with `follow`, goes on until the client
 * leaves, the pod is deleted or the server stops.
 *
 * A demo pod's log is a function of time, a line each second since it started:
 * nothing needs to be kept, and every reader sees the same lines.
 */
export function streamPodLog(
  store: ObjectStore,
  pod: KubeObject,
  query: URLSearchParams,
  response: ServerResponse,
  now: () => Date,
) {
  assertHasLog(pod, query);
  const started = Date.parse(
    String(fieldAt(pod, 'status.startTime') ?? pod.metadata.creationTimestamp),
  );
  const lineTime = (index: number) => started + index * lineIntervalMs;
  const writeLine = (index: number) => {
    const time = new Date(lineTime(index)).toISOString();
    const prefix = isTrue(query, 'timestamps') ? `${time} ` : '';
    response.write(`${prefix}${line(index)}\n`);
  };

  const elapsed = now().getTime() - started;
  const count = Math.max(0, Math.floor(elapsed / lineIntervalMs) + 1);
  const tail = numberOf(query, 'tailLines') ?? maxLines;
  const since = numberOf(query, 'sinceSeconds') ?? Infinity;
  const wanted = Math.min(count, tail, maxLines, since);

  response.writeHead(200, {
    'Content-Type': 'text/plain',
    'Cache-Control': 'no-cache, private',
  });
  response.flushHeaders();
  for (let index = count - wanted; index < count; index++) {
    writeLine(index);
  }
  if (!isTrue(query, 'follow')) {
    response.end();
    return;
  }

  let next = count;
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(
      () => {
        writeLine(next);
        next += 1;
        schedule();
      },
      Math.max(0, lineTime(next) - now().getTime()),
    );
  };
  const stop = () => {
    clearTimeout(timer);
    response.end();
  };
  const unsubscribe = store.subscribe(({ type, object }) => {
    if (type === 'DELETED' && object.metadata.uid === pod.metadata.uid) {
      stop();
    }
  });
  response.once('close', () => {
    clearTimeout(timer);
    unsubscribe();
  });
  schedule();
}

function line(index: number) {
  const at = index % requests.length;
  return `"GET ${requests[at]} HTTP/1.1" 200 ${durations[at]}ms request=${index}`;
}

function assertHasLog(pod: KubeObject, query: URLSearchParams) {
  const { name } = pod.metadata;
  const names = listAt(pod, 'spec.containers').map(item => String(item.name));
  const container = query.get('container') || names[0];
  if (!query.get('container') && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${name}, ` +
        `choose one of: [${names.join(' ')}]`,
    );
  }
  if (!names.includes(container)) {
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  if (isTrue(query, 'previous')) {
    throw badRequest(
      `previous terminated container "${container}" in pod "${name}" not found`,
    );
  }
  if (fieldAt(pod, 'status.phase') !== 'Running') {
    throw badRequest(
      `container "${container}" in pod "${name}" is waiting to start: ` +
        'the demo cluster runs no containers',
    );
  }
}

function isTrue(query: URLSearchParams, name: string) {
  return query.get(name) === 'true' || query.get(name) === '1';
}

function numberOf(query: URLSearchParams, name: string) {
  const text = query.get(name);
  if (text !== null && !/^\d+$/.test(text)) {
    throw badRequest(`${name} must be a number that is not negative`);
  }
  return text === null ? undefined : Number(text);
}

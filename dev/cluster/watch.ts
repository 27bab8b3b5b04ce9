import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@backstage/types';
import type { KubeObject } from './kubeObject';
import { ObjectRequest, selectionOf } from './objectRequest';
import { groupVersion } from './resources';
import { badRequest, expired } from './status';
import type { ObjectStore, StoreEvent } from './store';

/** A client this far behind is cut off, as a real API server does. */
const maxBufferedBytes = 1024 * 1024;

/** About what a real API server does. */
const bookmarkIntervalMs = 60_000;

/**
 * Streams what happens to the selected objects until the client leaves, its
 * `timeoutSeconds` are over or the server stops.
 *
 * Without a `resourceVersion` (or with 0) it begins with what is there now.
 */
export function streamWatch(
  store: ObjectStore,
  request: ObjectRequest,
  response: ServerResponse,
  present: (object: JsonObject) => JsonObject,
) {
  const { resource } = request.path;
  const { query } = request;
  const matches = selectionOf(request);
  const timeoutSeconds = secondsOf(query.get('timeoutSeconds'));
  const { initial, missed } = startingPoint(store, request);

  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
  });
  response.flushHeaders();

  const send = (type: string, object: JsonObject) => {
    if (response.writableEnded) {
      return;
    }
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > maxBufferedBytes) {
      response.destroy();
    }
  };
  const sendEvent = (event: StoreEvent) => {
    const type = visibleType(event, matches);
    if (event.resource === resource && type) {
      send(type, present(event.object));
    }
  };
  const sendBookmark = (annotations?: JsonObject) => {
    send('BOOKMARK', {
      kind: resource.kind,
      apiVersion: groupVersion(resource),
      metadata: {
        resourceVersion: store.revision,
        creationTimestamp: null,
        ...(annotations && { annotations }),
      },
    });
  };

  initial.filter(matches).forEach(object => send('ADDED', present(object)));
  if (query.get('sendInitialEvents') === 'true') {
    // KEP-3157: ends the list that a watch began with.
    sendBookmark({ 'k8s.io/initial-events-end': 'true' });
  }
  if (!missed) {
    send('ERROR', expired().status);
    response.end();
    return;
  }
  missed.forEach(sendEvent);

  const unsubscribe = store.subscribe(sendEvent);
  const timers: NodeJS.Timeout[] = [];
  if (query.get('allowWatchBookmarks') === 'true') {
    timers.push(setInterval(() => sendBookmark(), bookmarkIntervalMs));
  }
  if (timeoutSeconds) {
    timers.push(setTimeout(() => response.end(), timeoutSeconds * 1000));
  }
  response.once('close', () => {
    unsubscribe();
    timers.forEach(timer => clearInterval(timer));
  });
}

/** What is sent first, and the events since; undefined if those are gone. */
function startingPoint(
  store: ObjectStore,
  { path, query }: ObjectRequest,
): { initial: KubeObject[]; missed: StoreEvent[] | undefined } {
  const resourceVersion = query.get('resourceVersion') || '0';
  if (!/^\d+$/.test(resourceVersion)) {
    throw badRequest(`invalid resource version: ${resourceVersion}`);
  }
  if (resourceVersion === '0' || query.get('sendInitialEvents') === 'true') {
    return { initial: store.list(path.resource, path.namespace), missed: [] };
  }
  return { initial: [], missed: store.eventsSince(Number(resourceVersion)) };
}

/** A change may bring an object into the selection, or take it out. */
function visibleType(
  { type, object, previous }: StoreEvent,
  matches: (object: KubeObject) => boolean,
): StoreEvent['type'] | undefined {
  const before = previous !== undefined && matches(previous);
  const after = type !== 'DELETED' && matches(object);
  if (before && after) {
    return 'MODIFIED';
  }
  if (before) {
    return 'DELETED';
  }
  return after ? 'ADDED' : undefined;
}

function secondsOf(text: string | null) {
  if (text !== null && !/^\d+$/.test(text)) {
    throw badRequest(`invalid timeoutSeconds: ${text}`);
  }
  return Number(text ?? 0);
}

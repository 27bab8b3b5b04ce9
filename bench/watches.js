import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { watchEvent, watchPath } from './clusterPaths.js';
import { WrongAnswer } from './load.js';
import { startApiServer, startBackend, stopAll } from './processes.js';
import { watchesHead, watchesRow } from './report.js';
import { signIn } from './signIn.js';
import { proxyRequest } from './targets.js';
import { variants } from './variants.js';

const AT_ONCE = 100;
const POLL_MILLISECONDS = 250;
const GIVE_UP_MILLISECONDS = 120_000;

/** Prints how many connections to the cluster outlive the clients that asked for them. */
export async function compareAbandonedWatches(options, print) {
  print(watchesHead(options));
  // With the default configuration, and nothing left over from another part.
  for (const variant of variants.slice(0, 2)) {
    try {
      const apiServer = await startApiServer();
      const backend = await startBackend(variant, apiServer);
      await abandonWatches(backend, apiServer, options);
      const remaining = await stableConnections(apiServer, options);
      print(watchesRow(variant.name, remaining));
    } finally {
      await stopAll();
    }
  }
}

/** Reads the first event of each watch, then destroys its socket, as a closed browser tab does. */
async function abandonWatches(backend, apiServer, { watches: count }) {
  const token = await signIn(backend.url, 'watcher');
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - opened);
    const watches = await Promise.all(
      Array.from({ length: size }, () => openWatch(backend, token)),
    );
    await Promise.all(watches.map(abandon));
  }
  const { watches } = await apiServer.seen();
  if (watches !== count) {
    throw new WrongAnswer(
      `${backend.name}: ${watches} of ${count} watches reached the cluster`,
    );
  }
}

async function openWatch(backend, token) {
  const { url, headers } = proxyRequest(backend.url, watchPath);
  const request = get(url, {
    agent: false,
    headers: { ...headers, authorization: `Bearer ${token}` },
  });
  const [response] = await once(request, 'response');
  const [firstEvent] = await once(response.setEncoding('utf8'), 'data');
  if (response.statusCode !== 200 || firstEvent !== watchEvent) {
    throw new WrongAnswer(
      `${backend.name}: ${response.statusCode} ${firstEvent.slice(0, 200)}`,
    );
  }
  return request;
}

async function abandon(request) {
  request.destroy();
  await once(request, 'close');
}

/** Their number when it is 0, or when it has not changed for `settleSeconds`. */
async function stableConnections(apiServer, { settleSeconds }) {
  const start = performance.now();
  let { connections } = await apiServer.seen();
  let since = start;
  while (connections > 0 && performance.now() - since < settleSeconds * 1000) {
    await delay(POLL_MILLISECONDS);
    const now = await apiServer.seen();
    if (now.connections !== connections) {
      ({ connections } = now);
      since = performance.now();
    }
    if (since - start > GIVE_UP_MILLISECONDS) {
      throw new Error('The number of connections never became stable');
    }
  }
  return connections;
}

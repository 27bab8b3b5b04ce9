import { auditEvent } from './auditLog';
import {
  readEnvironment,
  throughPortal,
  throughPortalPath,
} from './environment';
import { ask, openLines, type LineStream } from './http';
import { configMap } from './manifests';
import { createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();
const { cluster } = environment;

/** How soon the request to the cluster ends after its client has left. */
const LEAVE_MS = 1_000;

describe.each([
  ['the header', throughPortal(environment)],
  ['the path', throughPortalPath(environment)],
])('a watch of a cluster named by %s', (_, portal) => {
  let namespace: string;
  let collection: string;

  beforeEach(async () => {
    [namespace] = await createNamespaces(environment, 1);
    collection = `/api/v1/namespaces/${namespace}/configmaps`;
  });

  afterEach(() => deleteNamespaces(environment, [namespace]));

  async function watchFromNow(headers = {}): Promise<LineStream> {
    const { body } = await ask(portal, collection);
    const { resourceVersion } = JSON.parse(body).metadata;
    return openLines(
      portal,
      `${collection}?watch=true&fieldSelector=metadata.name%3Dwatched&resourceVersion=${resourceVersion}`,
      { headers },
    );
  }

  async function nextEvent(watch: LineStream) {
    const { type, object } = JSON.parse((await watch.next()) ?? 'null');
    return [type, object.data];
  }

  it.each([
    ['no compression', {}],
    ['gzip', { 'Accept-Encoding': 'gzip' }],
  ])(
    'tells each change when it happens, to a client that accepts %s',
    async (__, headers) => {
      const watch = await watchFromNow(headers);

      // Each event is awaited before the next change: one that is held back for company never arrives.
      await ask(portal, collection, {
        method: 'POST',
        body: configMap('watched', { colour: 'blue' }),
      });
      expect(await nextEvent(watch)).toEqual(['ADDED', { colour: 'blue' }]);

      await ask(portal, `${collection}/watched`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/merge-patch+json' },
        body: { data: { colour: 'red' } },
      });
      expect(await nextEvent(watch)).toEqual(['MODIFIED', { colour: 'red' }]);

      await ask(portal, `${collection}/watched`, { method: 'DELETE' });
      expect(await nextEvent(watch)).toEqual(['DELETED', { colour: 'red' }]);

      watch.leave();
    },
  );

  it('ends when the API server ends it', async () => {
    const watch = await openLines(
      portal,
      `${collection}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone`,
    );

    expect(watch.status).toBe(200);
    expect(await watch.next()).toBeUndefined();
  });

  // Where the cluster is not the suite's own, its audit log is out of reach.
  if (cluster.auditLog) {
    const auditLog = cluster.auditLog;

    it('ends when its client leaves', async () => {
      const path = `${collection}?watch=true`;
      const watch = await openLines(portal, path);
      // A new namespace has one ConfigMap soon: the CA of the API server.
      await watch.next();
      await auditEvent(auditLog, path, 'ResponseStarted');

      watch.leave();

      await expect(
        auditEvent(auditLog, path, 'ResponseComplete', {
          timeoutMs: LEAVE_MS,
        }),
      ).resolves.toBeDefined();
    });
  }
});

import { auditEvent } from './auditLog';
import { readEnvironment, throughPortal } from './environment';
import { ask, openLines } from './http';
import { scriptPod } from './manifests';
import { asAdmin, createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();
const { cluster } = environment;
const portal = throughPortal(environment);

/** Two lines, then a line a second: a line that is held back for company comes late, or with others. */
const TICKING =
  'echo first; echo second; while sleep 1; do date +tick-%s; done';
/** How soon the request to the cluster ends after its client has left. */
const LEAVE_MS = 1_000;

describe("a pod's log", () => {
  let namespace: string;
  let log: string;

  beforeAll(async () => {
    [namespace] = await createNamespaces(environment, 1, [
      scriptPod('ticking', TICKING),
      scriptPod('done', 'echo out; echo err >&2; exit 3'),
    ]);
    log = `/api/v1/namespaces/${namespace}/pods/ticking/log`;
    await waitFor('condition=Ready', 'ticking');
    await waitFor('jsonpath={.status.phase}=Failed', 'done');
  });

  afterAll(() => deleteNamespaces(environment, [namespace]));

  function waitFor(state: string, pod: string) {
    return asAdmin(environment, [
      'wait',
      `--for=${state}`,
      `pod/${pod}`,
      `--namespace=${namespace}`,
      '--timeout=60s',
    ]);
  }

  it('is read to its end', async () => {
    const { status, body } = await ask(
      portal,
      `/api/v1/namespaces/${namespace}/pods/done/log`,
    );

    expect(status).toBe(200);
    expect(body.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  it('is cut as the query says', async () => {
    const { body } = await ask(portal, `${log}?limitBytes=5`);

    expect(body).toBe('first');
  });

  it.each([
    ['no compression', {}],
    ['gzip', { 'Accept-Encoding': 'gzip' }],
  ])(
    'is followed line by line, by a client that accepts %s',
    async (_, headers) => {
      const lines = await openLines(portal, `${log}?follow=true`, { headers });

      expect(await lines.next()).toBe('first');
      expect(await lines.next()).toBe('second');
      // A fresh line is about as old as the clocks of one machine differ.
      const { body } = await ask(portal, log);
      const known = body.trimEnd().split('\n').length - 2;
      for (let tick = 0; tick < known; tick++) {
        await lines.next();
      }
      const fresh = (await lines.next()) ?? '';
      expect(
        Date.now() / 1000 - Number(fresh.replace('tick-', '')),
      ).toBeLessThan(3);
      lines.leave();
    },
  );

  it('is followed to the end of a pod that ends', async () => {
    const lines = await openLines(
      portal,
      `/api/v1/namespaces/${namespace}/pods/done/log?follow=true`,
    );

    expect([await lines.next(), await lines.next()].sort()).toEqual([
      'err',
      'out',
    ]);
    expect(await lines.next()).toBeUndefined();
  });

  it('of a missing pod is a 404 of the API server, followed or not', async () => {
    const { status, body } = await ask(
      portal,
      `/api/v1/namespaces/${namespace}/pods/none/log?follow=true`,
    );

    expect(status).toBe(404);
    expect(JSON.parse(body).reason).toBe('NotFound');
  });

  // Where the cluster is not the suite's own, its audit log is out of reach.
  if (cluster.auditLog) {
    const auditLog = cluster.auditLog;

    it('is followed no longer than its client stays', async () => {
      const path = `${log}?follow=true&tailLines=1`;
      const lines = await openLines(portal, path);
      await lines.next();
      await auditEvent(auditLog, path, 'ResponseStarted');

      lines.leave();

      await expect(
        auditEvent(auditLog, path, 'ResponseComplete', {
          timeoutMs: LEAVE_MS,
        }),
      ).resolves.toBeDefined();
    });
  }
});

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { json, text } from 'node:stream/consumers';
import type { JsonObject } from '@backstage/types';
import { DemoCluster, startDemoCluster } from './demoCluster';

const configMapsPath = '/api/v1/namespaces/default/configmaps';
const deploymentPath = '/apis/apps/v1/namespaces/demo/deployments/shop-web';

describe('demo cluster', () => {
  let cluster: DemoCluster;
  let agent: https.Agent;

  beforeAll(async () => {
    cluster = await startDemoCluster();
    agent = new https.Agent({
      ca: Buffer.from(cluster.caData, 'base64'),
      keepAlive: true,
    });
  });

  afterAll(async () => {
    agent.destroy();
    await cluster.stop();
  });

  interface Call {
    method?: string;
    body?: unknown;
    headers?: Record<string, string>;
  }

  async function open(
    path: string,
    options: Call = {},
  ): Promise<IncomingMessage> {
    const { method, body = '', headers } = options;
    const content = typeof body === 'string' ? body : JSON.stringify(body);
    const request = https.request(`${cluster.url}${path}`, {
      agent,
      method,
      headers: {
        authorization: `Bearer ${cluster.token}`,
        'content-type': 'application/json',
        // Node's client does not frame the body of a DELETE by itself.
        'content-length': Buffer.byteLength(content),
        ...headers,
      },
    });
    request.end(content);
    const [response] = await once(request, 'response');
    return response;
  }

  async function call(path: string, options?: Call) {
    const response = await open(path, options);
    const body = (await json(response)) as JsonObject;
    return { code: response.statusCode, body };
  }

  /** The lines of an answer that goes on; leave() is the client going away. */
  async function follow(path: string) {
    const response = await open(path);
    const lines = createInterface(response)[Symbol.asyncIterator]();
    return {
      response,
      next: async () => (await lines.next()).value as string,
      nextEvent: async () => JSON.parse((await lines.next()).value),
      leave: () => response.destroy(),
    };
  }

  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer another' }],
    ['another scheme', { authorization: 'Basic dTpw' }],
  ])('answers 401 to %s', async (_, headers) => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      https
        .get(`${cluster.url}/api/v1/pods`, { agent, headers }, resolve)
        .on('error', reject);
    });
    expect(response.statusCode).toBe(401);
    expect(await json(response)).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason: 'Unauthorized',
      code: 401,
    });
  });

  it('has a certificate for localhost as well', async () => {
    const { port } = new URL(cluster.url);
    const request = https.get(`https://localhost:${port}/readyz`, {
      agent,
      family: 4,
      headers: { authorization: `Bearer ${cluster.token}` },
    });
    const [response] = await once(request, 'response');
    expect(await text(response)).toBe('ok');
  });

  it('tells clients what it serves', async () => {
    const { body } = await call('/apis');
    expect(body).toMatchObject({
      kind: 'APIGroupList',
      groups: [{ name: 'apps', versions: [{ groupVersion: 'apps/v1' }] }],
    });
    const core = await call('/api/v1');
    expect(core.body.resources).toContainEqual(
      expect.objectContaining({ name: 'pods', kind: 'Pod', namespaced: true }),
    );
    expect((await call('/version')).body).toHaveProperty('gitVersion');
    expect((await call('/openapi/v3/apis/apps/v1')).code).toBe(200);
  });

  it.each([
    ['/api/v1/nodes', 'GET', 404, 'NotFound'],
    ['/nothing', 'GET', 404, 'NotFound'],
    [`${configMapsPath}/missing`, 'GET', 404, 'NotFound'],
    [configMapsPath, 'PUT', 405, 'MethodNotAllowed'],
    ['/version', 'POST', 405, 'MethodNotAllowed'],
    ['/api/v1/pods?fieldSelector=spec.x=1', 'GET', 400, 'BadRequest'],
  ])('%s %s is %s %s', async (path, method, code, reason) => {
    const answer = await call(path, { method });
    expect(answer.code).toBe(code);
    expect(answer.body).toMatchObject({ kind: 'Status', reason, code });
  });

  it('lists across namespaces, in one, and by selector', async () => {
    const namesAt = async (path: string) => {
      const { body } = await call(path);
      expect(body).toMatchObject({ kind: 'PodList', apiVersion: 'v1' });
      return (body.items as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      );
    };
    const all = await namesAt('/api/v1/pods');
    const inDemo = await namesAt('/api/v1/namespaces/demo/pods');
    expect(all.length).toBeGreaterThan(inDemo.length);
    expect(inDemo).toContain('shop-canary');
    expect(await namesAt('/api/v1/pods?labelSelector=app%3Dshop-api')).toEqual([
      expect.stringMatching(/^shop-api-/),
    ]);
    expect(
      await namesAt('/api/v1/pods?fieldSelector=metadata.name%3Dshop-canary'),
    ).toEqual(['shop-canary']);
  });

  it('shows kubectl a table if it asks for one', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { body } = await call(
      '/api/v1/namespaces/demo/pods?labelSelector=app%3Dshop-api',
      { headers: { accept } },
    );
    expect(body).toMatchObject({
      kind: 'Table',
      columnDefinitions: ['Name', 'Ready', 'Status', 'Restarts', 'Age'].map(
        name => ({ name }),
      ),
      rows: [{ cells: [expect.any(String), '1/1', 'Running', 0, '90m'] }],
    });
  });

  it('creates, reads, replaces, patches and deletes, and a watch sees it all', async () => {
    const list = await call(configMapsPath);
    const { resourceVersion } = list.body.metadata as JsonObject;
    const watch = await follow(
      `${configMapsPath}?watch=true&resourceVersion=${resourceVersion}`,
    );
    const path = `${configMapsPath}/settings`;

    const created = await call(configMapsPath, {
      method: 'POST',
      body: { metadata: { name: 'settings' }, data: { a: '1' } },
    });
    expect(created.code).toBe(201);
    expect(await watch.nextEvent()).toEqual({
      type: 'ADDED',
      object: created.body,
    });
    expect(await call(path)).toEqual({ code: 200, body: created.body });

    const again = await call(configMapsPath, {
      method: 'POST',
      body: created.body,
    });
    expect(again.body).toMatchObject({ code: 409, reason: 'AlreadyExists' });

    const replaced = await call(path, {
      method: 'PUT',
      body: { ...created.body, data: { a: '2' } },
    });
    expect(replaced.code).toBe(200);
    expect(await watch.nextEvent()).toMatchObject({
      type: 'MODIFIED',
      object: { data: { a: '2' } },
    });

    const outdated = await call(path, { method: 'PUT', body: created.body });
    expect(outdated.body).toMatchObject({ code: 409, reason: 'Conflict' });

    const patched = await call(path, {
      method: 'PATCH',
      body: { data: { a: null, b: '3' } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(patched.body.data).toEqual({ b: '3' });
    expect(await watch.nextEvent()).toEqual({
      type: 'MODIFIED',
      object: patched.body,
    });

    const { uid } = created.body.metadata as JsonObject;
    const deleted = await call(path, {
      method: 'DELETE',
      body: { kind: 'DeleteOptions', preconditions: { uid } },
    });
    expect(deleted).toMatchObject({
      code: 200,
      body: { kind: 'Status', status: 'Success', details: { uid } },
    });
    expect(await watch.nextEvent()).toMatchObject({
      type: 'DELETED',
      object: { metadata: { uid } },
    });
    expect((await call(path)).code).toBe(404);
    watch.leave();
  });

  it('applies YAML, which creates an object and then merges into it', async () => {
    const path = `${configMapsPath}/applied`;
    const apply = (data: string, query = '?fieldManager=test') =>
      call(`${path}${query}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: ${data}\n`,
      });
    expect(await apply('{a: "1"}')).toMatchObject({
      code: 201,
      body: { data: { a: '1' } },
    });
    expect(await apply('{b: "2"}')).toMatchObject({
      code: 200,
      body: { data: { a: '1', b: '2' } },
    });
    expect((await apply('{}', '')).body).toMatchObject({
      code: 422,
      reason: 'Invalid',
    });
  });

  it('counts the generations of a spec, and keeps status apart', async () => {
    const patch = (path: string, body: unknown) =>
      call(path, {
        method: 'PATCH',
        body,
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
      });
    const container = { name: 'shop-web', image: 'shop-web:9' };
    const { body } = await patch(deploymentPath, {
      spec: { template: { spec: { containers: [container] } } },
      status: { replicas: 99 },
    });
    expect(body).toMatchObject({
      metadata: { generation: 2 },
      spec: {
        template: { spec: { containers: [{ ...container, ports: [{}] }] } },
      },
      status: { replicas: 2 },
    });
    const status = await patch(`${deploymentPath}/status`, {
      spec: { replicas: 7 },
      status: { observedGeneration: 2 },
    });
    expect(status.body).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 2 },
      status: { observedGeneration: 2, replicas: 2 },
    });
  });

  it.each([
    ['no name', {}, 422, 'Invalid'],
    ['a bad name', { metadata: { name: 'A_b' } }, 422, 'Invalid'],
    [
      'another namespace',
      { metadata: { name: 'a', namespace: 'demo' } },
      400,
      'BadRequest',
    ],
    [
      'another kind',
      { kind: 'Pod', metadata: { name: 'a' } },
      400,
      'BadRequest',
    ],
    ['no object', [], 400, 'BadRequest'],
    ['no JSON', '{', 400, 'BadRequest'],
  ])('does not create an object with %s', async (_, body, code, reason) => {
    const answer = await call(configMapsPath, { method: 'POST', body });
    expect(answer).toMatchObject({ code, body: { kind: 'Status', reason } });
  });

  it('generates a name, and names nothing in a namespace that is missing', async () => {
    const body = { metadata: { generateName: 'job-' } };
    const created = await call(configMapsPath, { method: 'POST', body });
    expect(created.body).toMatchObject({
      metadata: { name: expect.stringMatching(/^job-[0-9a-f]{5}$/) },
    });
    const nowhere = await call('/api/v1/namespaces/nowhere/configmaps', {
      method: 'POST',
      body,
    });
    expect(nowhere.body).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
  });

  it('empties a namespace before it is gone', async () => {
    await call('/api/v1/namespaces', {
      method: 'POST',
      body: { metadata: { name: 'team' } },
    });
    const path = '/api/v1/namespaces/team/configmaps';
    const body = { metadata: { name: 'a' } };
    await call(path, { method: 'POST', body });
    const contents = await follow(`${path}?watch=true`);
    const watch = await follow(
      '/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Dteam',
    );
    expect(await contents.nextEvent()).toMatchObject({ type: 'ADDED' });
    expect(await watch.nextEvent()).toMatchObject({ type: 'ADDED' });

    const deleted = await call('/api/v1/namespaces/team', { method: 'DELETE' });
    expect(deleted.body).toMatchObject({ status: { phase: 'Terminating' } });
    expect(await call(path, { method: 'POST', body })).toMatchObject({
      code: 403,
      body: { reason: 'Forbidden' },
    });
    expect(await watch.nextEvent()).toMatchObject({ type: 'MODIFIED' });
    expect(await contents.nextEvent()).toMatchObject({ type: 'DELETED' });
    expect(await watch.nextEvent()).toMatchObject({ type: 'DELETED' });
    contents.leave();
    watch.leave();
  });

  it('begins a watch with what is there, and ends it in time', async () => {
    const watch = await follow(
      '/api/v1/namespaces?watch=true&sendInitialEvents=true' +
        '&fieldSelector=metadata.name%3Ddefault&timeoutSeconds=1',
    );
    expect(await watch.nextEvent()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Namespace', metadata: { name: 'default' } },
    });
    expect(await watch.nextEvent()).toMatchObject({
      type: 'BOOKMARK',
      object: {
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    expect(await watch.next()).toBeUndefined();
    expect(watch.response.complete).toBe(true);
  });

  it('tells a watch of objects that enter and leave its selection', async () => {
    const watch = await follow(
      `${configMapsPath}?watch=true&labelSelector=watched`,
    );
    const path = `${configMapsPath}/moving`;
    const label = (watched: string | null) =>
      call(path, {
        method: 'PATCH',
        body: { metadata: { labels: { watched } } },
        headers: { 'content-type': 'application/merge-patch+json' },
      });
    await call(configMapsPath, {
      method: 'POST',
      body: { metadata: { name: 'moving' } },
    });
    await label('yes');
    await label('still');
    await label(null);
    const types = [];
    for (let seen = 0; seen < 3; seen++) {
      types.push((await watch.nextEvent()).type);
    }
    expect(types).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    watch.leave();
  });

  it('shows life: a pod changes every few seconds', async () => {
    const watch = await follow(
      '/api/v1/pods?watch=true&fieldSelector=metadata.name%3Dshop-canary',
    );
    expect(await watch.nextEvent()).toMatchObject({ type: 'ADDED' });
    expect(await watch.nextEvent()).toMatchObject({
      type: 'MODIFIED',
      object: { kind: 'Pod', metadata: { name: 'shop-canary' } },
    });
    watch.leave();
  });

  it('shows the end of a log and, followed, goes on with it', async () => {
    const log = '/api/v1/namespaces/demo/pods/shop-canary/log';
    const tail = await text(await open(`${log}?tailLines=2`));
    expect(tail.trimEnd().split('\n')).toHaveLength(2);

    const followed = await follow(
      `${log}?follow=true&tailLines=1&timestamps=true&container=shop-canary`,
    );
    const times = [await followed.next(), await followed.next()].map(line =>
      Date.parse(line.split(' ')[0]),
    );
    expect(times[1] - times[0]).toBe(1000);
    followed.leave();
  });

  it('has no log of a container that does not run here', async () => {
    await call('/api/v1/namespaces/default/pods', {
      method: 'POST',
      body: {
        metadata: { name: 'mine' },
        spec: { containers: [{ name: 'main' }] },
      },
    });
    expect(
      await call('/api/v1/namespaces/default/pods/mine/log'),
    ).toMatchObject({
      code: 400,
      body: { message: expect.stringContaining('waiting to start') },
    });
    expect(
      await call('/api/v1/namespaces/demo/pods/shop-canary/log?container=x'),
    ).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
  });

  it('ends streams in good order when it stops', async () => {
    const another = await startDemoCluster();
    const request = https.get(`${another.url}/api/v1/pods?watch=true`, {
      ca: Buffer.from(another.caData, 'base64'),
      headers: { authorization: `Bearer ${another.token}` },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'data');
    const ended = once(response.resume(), 'end');
    await another.stop();
    await ended;
    expect(response.complete).toBe(true);
  });
});

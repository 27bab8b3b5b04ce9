import { readEnvironment, throughPortal } from './environment';
import { ask, type Ask } from './http';
import { configMap } from './manifests';
import { asAdmin, createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();

describe.each([
  ['of a client that accepts no compression', {}],
  ['of a client that accepts gzip', { 'Accept-Encoding': 'gzip' }],
])('objects, by requests %s', (_, headers) => {
  let namespace: string;
  let collection: string;

  beforeEach(async () => {
    [namespace] = await createNamespaces(environment, 1);
    collection = `/api/v1/namespaces/${namespace}/configmaps`;
  });

  afterEach(() => deleteNamespaces(environment, [namespace]));

  async function viaPortal(path: string, options: Ask = {}) {
    const { status, body } = await ask(throughPortal(environment), path, {
      ...options,
      headers: { ...headers, ...options.headers },
    });
    return { status, object: JSON.parse(body) };
  }

  async function inCluster(name: string) {
    const json = await asAdmin(environment, [
      'get',
      'configmap',
      name,
      `--namespace=${namespace}`,
      '--output=json',
      '--ignore-not-found',
    ]);
    return json === '' ? undefined : JSON.parse(json);
  }

  function createInCluster(...names: string[]) {
    return asAdmin(
      environment,
      ['create', '--filename=-', `--namespace=${namespace}`],
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: names.map(name => configMap(name)),
      }),
    );
  }

  it('are listed', async () => {
    await createInCluster('one', 'two');

    const { status, object } = await viaPortal(collection);

    expect(status).toBe(200);
    expect(object.kind).toBe('ConfigMapList');
    expect(
      object.items.map(
        (item: { metadata: { name: string } }) => item.metadata.name,
      ),
    ).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it('are listed in pages, by a continue token in the query', async () => {
    await createInCluster('one', 'two');
    const selected = `${collection}?fieldSelector=metadata.name!%3Dkube-root-ca.crt&limit=1`;

    const first = await viaPortal(selected);
    const second = await viaPortal(
      `${selected}&continue=${encodeURIComponent(first.object.metadata.continue)}`,
    );

    expect(first.object.items[0].metadata.name).toBe('one');
    expect(second.object.items[0].metadata.name).toBe('two');
  });

  it('are created', async () => {
    const { status, object } = await viaPortal(collection, {
      method: 'POST',
      body: configMap('made', { colour: 'grün' }),
    });

    expect(status).toBe(201);
    expect(object.metadata.uid).toBe((await inCluster('made')).metadata.uid);
    expect((await inCluster('made')).data).toEqual({ colour: 'grün' });
  });

  it('are created with a body of a megabyte', async () => {
    // The limit of an object's size at the API server is a little above it.
    const large = 'x'.repeat(1_000_000);

    const { status } = await viaPortal(collection, {
      method: 'POST',
      body: configMap('large', { large }),
    });

    expect(status).toBe(201);
    expect((await inCluster('large')).data.large).toHaveLength(large.length);
  });

  it('are applied by the server, which keeps the name of the field manager', async () => {
    const { status } = await viaPortal(
      `${collection}/applied?fieldManager=e2e`,
      {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/apply-patch+yaml' },
        body: [
          'apiVersion: v1',
          'kind: ConfigMap',
          'metadata: { name: applied }',
          'data: { colour: green }',
        ].join('\n'),
      },
    );

    expect(status).toBe(201);
    const json = await asAdmin(environment, [
      'get',
      'configmap',
      'applied',
      `--namespace=${namespace}`,
      '--output=json',
      '--show-managed-fields',
    ]);
    expect(JSON.parse(json)).toMatchObject({
      data: { colour: 'green' },
      metadata: { managedFields: [{ manager: 'e2e', operation: 'Apply' }] },
    });
  });

  it.each([
    ['application/merge-patch+json', { data: { colour: 'red' } }],
    ['application/strategic-merge-patch+json', { data: { colour: 'red' } }],
    [
      'application/json-patch+json',
      [{ op: 'replace', path: '/data/colour', value: 'red' }],
    ],
  ])('are patched by %s', async (contentType, body) => {
    await createInCluster('patched');

    const { status } = await viaPortal(`${collection}/patched`, {
      method: 'PATCH',
      headers: { 'Content-Type': contentType },
      body,
    });

    expect(status).toBe(200);
    expect((await inCluster('patched')).data).toEqual({ colour: 'red' });
  });

  it('are deleted', async () => {
    await createInCluster('doomed');

    const { status } = await viaPortal(`${collection}/doomed`, {
      method: 'DELETE',
    });

    expect(status).toBe(200);
    expect(await inCluster('doomed')).toBeUndefined();
  });

  it.each([
    ['of a known length', {}],
    ['in chunks', { 'Transfer-Encoding': 'chunked' }],
  ])(
    'are kept where the preconditions in the body of a DELETE, %s, do not hold',
    async (__, framing) => {
      await createInCluster('kept');

      const { status, object } = await viaPortal(`${collection}/kept`, {
        method: 'DELETE',
        headers: framing,
        body: deleteOptions({ preconditions: { uid: 'of-another-object' } }),
      });

      expect(status).toBe(409);
      expect(object).toMatchObject({ kind: 'Status', reason: 'Conflict' });
      expect(await inCluster('kept')).toBeDefined();
    },
  );

  it('are deleted where those preconditions hold', async () => {
    await createInCluster('doomed');
    const { uid } = (await inCluster('doomed')).metadata;

    const { status } = await viaPortal(`${collection}/doomed`, {
      method: 'DELETE',
      body: deleteOptions({ preconditions: { uid } }),
    });

    expect(status).toBe(200);
    expect(await inCluster('doomed')).toBeUndefined();
  });

  it('are deleted with the propagation policy of the body', async () => {
    await createInCluster('owner');

    // Foreground deletion shows in the answer: the object waits for its dependents under a finalizer.
    const { object } = await viaPortal(`${collection}/owner`, {
      method: 'DELETE',
      body: deleteOptions({ propagationPolicy: 'Foreground' }),
    });

    expect(object.metadata.finalizers).toEqual(['foregroundDeletion']);
  });

  it('are deleted from a collection', async () => {
    await createInCluster('one', 'two');

    const { status } = await viaPortal(
      `${collection}?fieldSelector=metadata.name%3Done`,
      { method: 'DELETE', body: deleteOptions({}) },
    );

    expect(status).toBe(200);
    expect(await inCluster('one')).toBeUndefined();
    expect(await inCluster('two')).toBeDefined();
  });
});

function deleteOptions(options: object) {
  return { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
}

import { configMaps, pods } from './resources';
import { ObjectStore, StoreEvent } from './store';

const draft = (name: string, rest = {}) => ({
  metadata: { namespace: 'demo', name },
  ...rest,
});
const keyOf = (name: string) => ({
  resource: configMaps,
  namespace: 'demo',
  name,
});

describe('ObjectStore', () => {
  let store: ObjectStore;
  let events: StoreEvent[];

  beforeEach(() => {
    const now = () => new Date('2026-01-02T03:04:05.678Z');
    store = new ObjectStore({ now, historyLimit: 3 });
    events = [];
    store.subscribe(event => events.push(event));
  });

  it('completes a new object', () => {
    const object = store.create(configMaps, draft('a', { data: { k: 'v' } }));
    expect(object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        namespace: 'demo',
        name: 'a',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: '1',
        creationTimestamp: '2026-01-02T03:04:05Z',
      },
      data: { k: 'v' },
    });
    expect(store.get(keyOf('a'))).toBe(object);
    expect(events).toEqual([{ type: 'ADDED', resource: configMaps, object }]);
  });

  it('refuses a second object with the same name', () => {
    store.create(configMaps, draft('a'));
    expect(() => store.create(configMaps, draft('a'))).toThrow(
      'configmaps "a" already exists',
    );
    store.create(pods, draft('a'));
    expect(store.revision).toBe('2');
  });

  it('keeps what a draft says apart from the draft', () => {
    const data = { k: 'v' };
    store.create(configMaps, draft('a', { data }));
    data.k = 'changed';
    expect(store.get(keyOf('a')).data).toEqual({ k: 'v' });
  });

  it('lists one namespace or all, by namespace and name', () => {
    for (const [namespace, name] of ['b/z', 'b/a', 'a/m', 'ab/a'].map(path =>
      path.split('/'),
    )) {
      store.create(configMaps, { metadata: { namespace, name } });
    }
    const names = (namespace?: string) =>
      store
        .list(configMaps, namespace)
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(names()).toEqual(['a/m', 'ab/a', 'b/a', 'b/z']);
    expect(names('a')).toEqual(['a/m']);
    expect(names('nowhere')).toEqual([]);
  });

  it('replaces an object and keeps its identity', () => {
    const before = store.create(configMaps, draft('a', { data: { k: '1' } }));
    const after = store.update(configMaps, {
      ...draft('a', { data: { k: '2' } }),
    });
    expect(after).toEqual({
      ...before,
      metadata: { ...before.metadata, resourceVersion: '2' },
      data: { k: '2' },
    });
    expect(before.data).toEqual({ k: '1' });
    expect(events.at(-1)).toEqual({
      type: 'MODIFIED',
      resource: configMaps,
      object: after,
      previous: before,
    });
  });

  it('makes no revision of an update that changes nothing', () => {
    store.create(configMaps, draft('a', { data: { k: '1' } }));
    const same = store.update(configMaps, draft('a', { data: { k: '1' } }));
    expect(same.metadata.resourceVersion).toBe('1');
    expect(events).toHaveLength(1);
  });

  it('refuses an update of an older version, or of a namesake', () => {
    const { metadata } = store.create(configMaps, draft('a'));
    store.update(configMaps, draft('a', { data: { k: '2' } }));
    expect(() =>
      store.update(configMaps, { metadata, data: { k: '3' } }),
    ).toThrow('the object has been modified');
    expect(() =>
      store.update(configMaps, {
        metadata: { namespace: 'demo', name: 'a', uid: 'another' },
      }),
    ).toThrow(`its uid is ${metadata.uid}`);
    expect(store.revision).toBe('2');
  });

  it('deletes with a revision of its own', () => {
    const { metadata } = store.create(configMaps, draft('a'));
    store.delete(keyOf('a'));
    expect(store.find(keyOf('a'))).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      type: 'DELETED',
      object: { metadata: { uid: metadata.uid, resourceVersion: '2' } },
      previous: { metadata: { resourceVersion: '1' } },
    });
    expect(() => store.delete(keyOf('a'))).toThrow('configmaps "a" not found');
  });

  it.each([{ uid: 'another' }, { resourceVersion: '99' }])(
    'does not delete against the precondition %j',
    precondition => {
      store.create(configMaps, draft('a'));
      expect(() => store.delete(keyOf('a'), precondition)).toThrow(
        'Precondition failed',
      );
      expect(store.find(keyOf('a'))).toBeDefined();
    },
  );

  it('answers a dry run and does nothing', () => {
    const dryRun = { dryRun: true };
    expect(store.create(configMaps, draft('a'), dryRun).kind).toBe('ConfigMap');
    expect(store.find(keyOf('a'))).toBeUndefined();

    store.create(configMaps, draft('a'));
    const change = draft('a', { data: { k: '2' } });
    const { data } = store.update(configMaps, change, dryRun);
    expect(data).toEqual({ k: '2' });
    store.delete(keyOf('a'), dryRun);

    expect(store.get(keyOf('a'))).not.toHaveProperty('data');
    expect(store.revision).toBe('1');
    expect(events).toHaveLength(1);
  });

  it('remembers what happened since a revision, for a while', () => {
    ['a', 'b', 'c', 'd'].forEach(name => store.create(configMaps, draft(name)));
    const namesSince = (revision: number) =>
      store.eventsSince(revision)?.map(({ object }) => object.metadata.name);
    expect(namesSince(1)).toEqual(['b', 'c', 'd']);
    expect(namesSince(3)).toEqual(['d']);
    expect(namesSince(4)).toEqual([]);
    expect(namesSince(0)).toBeUndefined();
  });

  it('calls nobody who has unsubscribed', () => {
    const listener = jest.fn();
    store.subscribe(listener)();
    store.create(configMaps, draft('a'));
    expect(listener).not.toHaveBeenCalled();
  });
});

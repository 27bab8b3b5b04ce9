import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  cloneJson,
  KubeObject,
  ObjectDraft,
  ObjectMeta,
  timestamp,
} from './kubeObject';
import { groupVersion, ResourceType } from './resources';
import { alreadyExists, conflict, notFound } from './status';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: ResourceType;
  object: KubeObject;
  /** The object before the change: a selector may have matched that only. */
  previous?: KubeObject;
}

export interface ObjectKey {
  resource: ResourceType;
  namespace?: string;
  name: string;
}

export interface WriteOptions {
  /** Answer as if it were done, and do nothing (`?dryRun=All`). */
  dryRun?: boolean;
}

interface StoreOptions {
  now?: () => Date;
  /** How many events a watch can go back. Default 1000. */
  historyLimit?: number;
}

const modified =
  'the object has been modified; please apply your changes to the latest ' +
  'version and try again';

/**
 * The cluster's state: what etcd and the registry do in a real one.
 *
 * Objects are replaced, never changed in place, so a reader may keep one.
 * Revisions are decimal and grow by one with each change of any object.
 */
export class ObjectStore {
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #history: StoreEvent[] = [];
  readonly #historyLimit: number;
  readonly #now: () => Date;
  #revision = 0;

  constructor(options: StoreOptions = {}) {
    this.#now = options.now ?? (() => new Date());
    this.#historyLimit = options.historyLimit ?? 1000;
  }

  get revision() {
    return String(this.#revision);
  }

  /** In the order of namespace and name, as a real cluster lists. */
  list(resource: ResourceType, namespace?: string) {
    const prefix = pathOf({ resource, namespace, name: '' });
    return [...this.#objects]
      .filter(([path]) => path.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }

  find(key: ObjectKey) {
    return this.#objects.get(pathOf(key));
  }

  get(key: ObjectKey) {
    const object = this.find(key);
    if (!object) {
      throw notFound(key.resource, key.name);
    }
    return object;
  }

  create(resource: ResourceType, draft: ObjectDraft, options?: WriteOptions) {
    const { namespace, name } = draft.metadata;
    if (this.find({ resource, namespace, name })) {
      throw alreadyExists(resource, name);
    }
    const object = complete(resource, draft, {
      uid: randomUUID(),
      // The seed brings objects that are older than the process.
      creationTimestamp: String(
        draft.metadata.creationTimestamp ?? timestamp(this.#now()),
      ),
      resourceVersion: this.#nextRevision(),
    });
    return this.#write({ type: 'ADDED', resource, object }, options);
  }

  /**
   * Replaces an object. A `resourceVersion` in the draft must be the current
   * one; a draft without one is written whatever happened meanwhile.
   */
  update(resource: ResourceType, draft: ObjectDraft, options?: WriteOptions) {
    const { namespace, name, resourceVersion, uid } = draft.metadata;
    const previous = this.get({ resource, namespace, name });
    const { metadata } = previous;
    if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
      throw conflict(resource, name, modified);
    }
    if (uid && uid !== metadata.uid) {
      throw conflict(resource, name, `its uid is ${metadata.uid}`);
    }
    const same = complete(resource, draft, {
      uid: metadata.uid,
      creationTimestamp: metadata.creationTimestamp,
      resourceVersion: metadata.resourceVersion,
    });
    if (options?.dryRun || isDeepStrictEqual(same, previous)) {
      return same;
    }
    const object = this.#revised(same);
    return this.#write({ type: 'MODIFIED', resource, object, previous });
  }

  delete(
    key: ObjectKey,
    options?: WriteOptions & { uid?: string; resourceVersion?: string },
  ) {
    const previous = this.get(key);
    const { uid, resourceVersion } = previous.metadata;
    for (const [field, wanted, actual] of [
      ['UID', options?.uid, uid],
      ['ResourceVersion', options?.resourceVersion, resourceVersion],
    ]) {
      if (wanted && wanted !== actual) {
        throw conflict(
          key.resource,
          key.name,
          `Precondition failed: ${field} in precondition: ${wanted}, ` +
            `${field} in object meta: ${actual}`,
        );
      }
    }
    const object = this.#revised(previous);
    return this.#write(
      { type: 'DELETED', resource: key.resource, object, previous },
      options,
    );
  }

  /** Calls back on each change from now on; the answer unsubscribes. */
  subscribe(listener: (event: StoreEvent) => void) {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** What happened after a revision; undefined if that is forgotten. */
  eventsSince(revision: number) {
    const missed = this.#revision - revision;
    if (missed > this.#history.length) {
      return undefined;
    }
    return missed > 0 ? this.#history.slice(-missed) : [];
  }

  #nextRevision() {
    return String(this.#revision + 1);
  }

  #revised(object: KubeObject): KubeObject {
    const resourceVersion = this.#nextRevision();
    return { ...object, metadata: { ...object.metadata, resourceVersion } };
  }

  #write(event: StoreEvent, options?: WriteOptions) {
    if (options?.dryRun) {
      return event.object;
    }
    const { resource, object } = event;
    const path = pathOf({ resource, ...object.metadata });
    if (event.type === 'DELETED') {
      this.#objects.delete(path);
    } else {
      this.#objects.set(path, object);
    }
    this.#revision += 1;
    this.#history.push(event);
    if (this.#history.length > this.#historyLimit) {
      this.#history.shift();
    }
    for (const listener of this.#listeners) {
      listener(event);
    }
    return object;
  }
}

function pathOf({ resource, namespace, name }: ObjectKey) {
  const collection = `${groupVersion(resource)}/${resource.plural}/`;
  // No namespace in the key of a namespaced resource: all of them.
  if (resource.namespaced && !namespace) {
    return collection;
  }
  return resource.namespaced
    ? `${collection}${namespace}/${name}`
    : `${collection}${name}`;
}

function complete(
  resource: ResourceType,
  draft: ObjectDraft,
  identity: Pick<ObjectMeta, 'uid' | 'creationTimestamp' | 'resourceVersion'>,
): KubeObject {
  return cloneJson({
    ...draft,
    apiVersion: groupVersion(resource),
    kind: resource.kind,
    metadata: { ...draft.metadata, ...identity },
  });
}

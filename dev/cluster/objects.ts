import type { JsonObject } from '@backstage/types';
import { admitNew, admitUpdate } from './admission';
import { readDraft } from './draft';
import { isJsonObject } from './kubeObject';
import { isTerminating, terminateNamespace } from './namespaceController';
import {
  keyOf,
  ObjectRequest,
  selectionOf,
  writeOptions,
} from './objectRequest';
import { applyPatch, applyPatchType } from './patch';
import { groupVersion, namespaces } from './resources';
import {
  invalid,
  methodNotAllowed,
  namespaceTerminating,
  notFound,
  success,
} from './status';
import type { ObjectStore } from './store';

export interface ObjectReply {
  code: number;
  body: JsonObject;
}

/** Everything but watches and logs, which do not end with one answer. */
export async function answerObjectRequest(
  store: ObjectStore,
  request: ObjectRequest,
): Promise<ObjectReply> {
  const { method, path } = request;
  switch (`${method} ${path.name === undefined ? 'collection' : 'object'}`) {
    case 'GET collection':
      return { code: 200, body: listObjects(store, request) };
    case 'GET object':
      return { code: 200, body: store.get(keyOf(path)) };
    case 'POST collection':
      return createObject(store, request);
    case 'PUT object':
      return replaceObject(store, request);
    case 'PATCH object':
      return patchObject(store, request);
    case 'DELETE object':
      return deleteObject(store, request);
    case 'DELETE collection':
      return deleteCollection(store, request);
    default:
      throw methodNotAllowed();
  }
}

function selected(store: ObjectStore, request: ObjectRequest) {
  const { resource, namespace } = request.path;
  return store.list(resource, namespace).filter(selectionOf(request));
}

/** All at once: `limit` is a client's wish, which a server may exceed. */
function listObjects(store: ObjectStore, request: ObjectRequest) {
  const { resource } = request.path;
  return {
    kind: `${resource.kind}List`,
    apiVersion: groupVersion(resource),
    metadata: { resourceVersion: store.revision },
    // Items of a list carry neither, as with any built-in type.
    items: selected(store, request).map(
      ({ kind: _kind, apiVersion: _apiVersion, ...item }) => item,
    ),
  };
}

async function createObject(store: ObjectStore, request: ObjectRequest) {
  const draft = readDraft(request.path, await request.readBody());
  return created(store, request, draft);
}

function created(
  store: ObjectStore,
  { path, query }: ObjectRequest,
  draft: ReturnType<typeof readDraft>,
): ObjectReply {
  const { resource, namespace } = path;
  if (namespace) {
    const owner = store.get({ resource: namespaces, name: namespace });
    if (isTerminating(owner)) {
      throw namespaceTerminating(resource, draft.metadata.name, namespace);
    }
  }
  const body = store.create(
    resource,
    admitNew(resource, draft),
    writeOptions(query),
  );
  return { code: 201, body };
}

async function replaceObject(
  store: ObjectStore,
  { path, query, readBody }: ObjectRequest,
): Promise<ObjectReply> {
  const draft = readDraft(path, await readBody());
  const previous = store.get(keyOf(path));
  const body = store.update(
    path.resource,
    admitUpdate(previous, draft, path.subresource),
    writeOptions(query),
  );
  return { code: 200, body };
}

async function patchObject(
  store: ObjectStore,
  request: ObjectRequest,
): Promise<ObjectReply> {
  const { path, query, contentType } = request;
  const patch = await request.readBody();
  const isApply = contentType === applyPatchType;
  if (isApply && !query.get('fieldManager')) {
    throw invalid(
      path.resource,
      path.name ?? '',
      'fieldManager',
      'Required value: is required for apply patch',
    );
  }
  const previous = store.find(keyOf(path));
  if (!previous && isApply && !path.subresource) {
    return created(store, request, readDraft(path, patch));
  }
  if (!previous) {
    throw notFound(path.resource, path.name ?? '');
  }
  const patched = applyPatch(path.resource, previous, contentType, patch);
  const body = store.update(
    path.resource,
    admitUpdate(previous, readDraft(path, patched), path.subresource),
    writeOptions(query),
  );
  return { code: 200, body };
}

/** At once but for namespaces: there is no kubelet here to wait for. */
async function deleteObject(
  store: ObjectStore,
  request: ObjectRequest,
): Promise<ObjectReply> {
  const { path, query } = request;
  if (path.subresource) {
    throw methodNotAllowed();
  }
  const options = await request.readBody();
  const preconditions =
    isJsonObject(options) && isJsonObject(options.preconditions)
      ? (options.preconditions as { uid?: string; resourceVersion?: string })
      : {};
  const { dryRun } = writeOptions(query, options);
  const object = store.get(keyOf(path));
  if (path.resource === namespaces && !dryRun) {
    const body = isTerminating(object)
      ? object
      : terminateNamespace(store, object, request.now());
    return { code: 200, body };
  }
  const deleted = store.delete(keyOf(path), { ...preconditions, dryRun });
  return {
    code: 200,
    body: success(path.resource, deleted.metadata.name, deleted.metadata.uid),
  };
}

async function deleteCollection(
  store: ObjectStore,
  request: ObjectRequest,
): Promise<ObjectReply> {
  const options = writeOptions(request.query, await request.readBody());
  const { resource } = request.path;
  if (!resource.namespaced || !request.path.namespace) {
    throw methodNotAllowed();
  }
  const body = listObjects(store, request);
  for (const { metadata } of selected(store, request)) {
    store.delete({ resource, ...metadata }, options);
  }
  return { code: 200, body };
}

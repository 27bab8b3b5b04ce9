import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '@backstage/types';
import { cloneJson, isJsonObject } from './kubeObject';

/** An operation whose path, source or test does not fit the document. */
export class JsonPatchError extends Error {
  override name = 'JsonPatchError';
}

/** RFC 6902. The document is not changed; all operations apply, or none. */
export function applyJsonPatch(
  document: JsonValue,
  patch: JsonValue,
): JsonValue {
  if (!Array.isArray(patch)) {
    throw new JsonPatchError('a JSON patch is an array of operations');
  }
  return patch.reduce<JsonValue>(applyOperation, cloneJson(document));
}

function applyOperation(document: JsonValue, operation: JsonValue): JsonValue {
  if (!isJsonObject(operation)) {
    throw new JsonPatchError('an operation is an object');
  }
  const path = parsePointer(operation.path);
  switch (operation.op) {
    case 'add':
      return add(document, path, valueOf(operation.value));
    case 'remove':
      return remove(document, path);
    case 'replace':
      return path.length === 0
        ? valueOf(operation.value)
        : add(remove(document, path), path, valueOf(operation.value));
    case 'move': {
      const from = parsePointer(operation.from);
      const value = read(document, from);
      return add(remove(document, from), path, value);
    }
    case 'copy': {
      const value = read(document, parsePointer(operation.from));
      return add(document, path, cloneJson(value));
    }
    case 'test':
      if (!isDeepStrictEqual(read(document, path), operation.value)) {
        throw new JsonPatchError(`testing value ${operation.path} failed`);
      }
      return document;
    default:
      throw new JsonPatchError(`unexpected kind: ${operation.op}`);
  }
}

function valueOf(value: JsonValue | undefined): JsonValue {
  if (value === undefined) {
    throw new JsonPatchError('the operation has no value');
  }
  return value;
}

/** RFC 6901. */
function parsePointer(pointer: JsonValue | undefined): string[] {
  if (typeof pointer !== 'string' || (pointer && !pointer.startsWith('/'))) {
    throw new JsonPatchError(`"${pointer}" is not a JSON pointer`);
  }
  return pointer
    .split('/')
    .slice(1)
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: JsonValue, path: string[]): JsonValue {
  return path.reduce<JsonValue>((parent, token) => {
    const child = childOf(parent, token);
    if (child === undefined) {
      throw new JsonPatchError(`/${path.join('/')} does not exist`);
    }
    return child;
  }, document);
}

function childOf(parent: JsonValue, token: string) {
  if (Array.isArray(parent)) {
    return parent[indexOf(token, parent.length - 1)];
  }
  return isJsonObject(parent) && Object.hasOwn(parent, token)
    ? parent[token]
    : undefined;
}

// Both change the clone that applyJsonPatch made.
function add(document: JsonValue, path: string[], value: JsonValue): JsonValue {
  const token = path.at(-1);
  if (token === undefined) {
    return value;
  }
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const end = parent.length;
    parent.splice(token === '-' ? end : indexOf(token, end), 0, value);
  } else if (isJsonObject(parent)) {
    // Not an assignment, for which `__proto__` would be special.
    Object.defineProperty(parent, token, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    throw new JsonPatchError(`/${path.join('/')} has no parent to add to`);
  }
  return document;
}

function remove(document: JsonValue, path: string[]): JsonValue {
  read(document, path);
  const token = path.at(-1);
  if (token === undefined) {
    throw new JsonPatchError('the whole document cannot be removed');
  }
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    parent.splice(Number(token), 1);
  } else if (isJsonObject(parent)) {
    delete parent[token];
  }
  return document;
}

function indexOf(token: string, last: number): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > last) {
    throw new JsonPatchError(`${token} is not an index within the array`);
  }
  return Number(token);
}

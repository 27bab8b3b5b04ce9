import type { JsonValue } from '@backstage/types';
import { applyPatch } from './patch';
import { pods } from './resources';
import { StatusError } from './status';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    uid: '1',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: { containers: [{ name: 'a' }, { name: 'b' }] },
};

describe('applyPatch', () => {
  it.each<[string, JsonValue, JsonValue]>([
    [
      'application/merge-patch+json',
      { spec: { containers: [{ name: 'b', image: 'b:1' }] } },
      [{ name: 'b', image: 'b:1' }],
    ],
    [
      'application/strategic-merge-patch+json',
      { spec: { containers: [{ name: 'b', image: 'b:1' }] } },
      [{ name: 'a' }, { name: 'b', image: 'b:1' }],
    ],
    [
      'application/apply-patch+yaml',
      { spec: { containers: [{ name: 'b', image: 'b:1' }] } },
      [{ name: 'a' }, { name: 'b', image: 'b:1' }],
    ],
    [
      'application/json-patch+json',
      [{ op: 'remove', path: '/spec/containers/0' }],
      [{ name: 'b' }],
    ],
  ])('applies %s', (contentType, patch, containers) => {
    expect(applyPatch(pods, pod, contentType, patch)).toEqual({
      ...pod,
      spec: { containers },
    });
  });

  it('answers 422 to a JSON patch that does not fit', () => {
    const patch = [{ op: 'remove', path: '/missing' }];
    expect(statusOf(() => apply('application/json-patch+json', patch))).toEqual(
      expect.objectContaining({ code: 422, reason: 'Invalid' }),
    );
  });

  it('answers 415 to any other Content-Type', () => {
    expect(statusOf(() => apply('application/json', {}))).toEqual(
      expect.objectContaining({ code: 415, reason: 'UnsupportedMediaType' }),
    );
  });
});

function apply(contentType: string, patch: JsonValue) {
  return applyPatch(pods, pod, contentType, patch);
}

function statusOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    return error instanceof StatusError ? error.status : error;
  }
  return undefined;
}

import type { KubeObject } from './kubeObject';
import { configMaps, pods } from './resources';
import { fieldMatcher, labelMatcher } from './selectors';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'demo',
    uid: '1',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', 'example.com/tier': 'front', empty: '' },
  },
  status: { phase: 'Running' },
};

describe('labelSelector', () => {
  it.each([
    [null, true],
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app=api', false],
    ['app!=api', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['missing=web', false],
    ['example.com/tier=front', true],
    ['app=web,example.com/tier=back', false],
    ['app=web,example.com/tier=front', true],
    ['empty=', true],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['!app', false],
    ['app in (web,api)', true],
    ['app in (api, cache)', false],
    ['app notin (api,cache)', true],
    ['missing notin (api)', true],
    ['app in (web,api),!missing', true],
    ['toString', false],
  ])('%j matches: %s', (selector, expected) => {
    expect(labelMatcher(selector)(pod)).toBe(expected);
  });

  it.each(['app=(web)', 'app in web', '!app=web', 'a b', 'app=web=api'])(
    'refuses %j as a bad request',
    selector => {
      expect(() => labelMatcher(selector)).toThrow('unable to parse');
    },
  );
});

describe('fieldSelector', () => {
  it.each([
    [null, true],
    ['metadata.name=web-1', true],
    ['metadata.name==web-1', true],
    ['metadata.name!=web-1', false],
    ['metadata.namespace=demo,metadata.name=web-1', true],
    ['metadata.namespace=default,metadata.name=web-1', false],
    ['status.phase=Running', true],
    ['spec.nodeName=', true],
  ])('%j matches: %s', (selector, expected) => {
    expect(fieldMatcher(pods, selector)(pod)).toBe(expected);
  });

  it('refuses a field that the resource cannot be selected by', () => {
    expect(() => fieldMatcher(configMaps, 'status.phase=Running')).toThrow(
      'field label not supported: status.phase',
    );
  });

  it('refuses a term without an operator', () => {
    expect(() => fieldMatcher(pods, 'metadata.name')).toThrow(
      "invalid selector: 'metadata.name'",
    );
  });
});

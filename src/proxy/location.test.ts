import fc from 'fast-check';
import { rewriteLocation } from './location';

const root = {
  requested: 'https://cluster:6443/api/v1/pods?a=b',
  basePath: '',
  surface: '/api/kubernetes/proxy',
};
const behindRancher = {
  requested: 'https://rancher/k8s/clusters/c-1/api/v1/pods',
  basePath: '/k8s/clusters/c-1',
  surface: '/api/kubernetes/clusters/c/proxy',
};

describe('rewriteLocation', () => {
  it.each([
    ['an absolute path', '/api/v1/x/', '/api/kubernetes/proxy/api/v1/x/'],
    [
      'the same authority',
      'https://cluster:6443/healthz?v=1#a',
      '/api/kubernetes/proxy/healthz?v=1#a',
    ],
    ['a relative path', 'nodes', '/api/kubernetes/proxy/api/v1/nodes'],
    ['a query alone', '?x', '/api/kubernetes/proxy/api/v1/pods?x'],
  ])('leads %s back to the surface', (_, location, expected) => {
    expect(rewriteLocation(location, root)).toBe(expected);
  });

  it.each([
    ['with the base path', '/k8s/clusters/c-1/healthz'],
    ['without it, as the API server behind it writes them', '/healthz'],
    ['absolutely', 'https://rancher/k8s/clusters/c-1/healthz'],
  ])('understands paths of a cluster URL with a path, %s', (_, location) => {
    expect(rewriteLocation(location, behindRancher)).toBe(
      '/api/kubernetes/clusters/c/proxy/healthz',
    );
  });

  it.each([
    'https://evil.example/',
    'http://cluster:6443/',
    'https://cluster/',
    'https://cluster:6444/',
    'http://169.254.169.254/latest/meta-data',
    '//evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'https://user@cluster:6443/',
    'data:text/html,alert(1)',
    'https://cluster:6443:1/',
  ])('gives no answer for %j', location => {
    expect(rewriteLocation(location, root)).toBeUndefined();
  });

  it('takes a scheme without authority for the path that browsers take it for', () => {
    expect(rewriteLocation('https:evil.example', root)).toBe(
      '/api/kubernetes/proxy/api/v1/evil.example',
    );
  });

  it('never leads a browser off the portal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), location => {
        const rewritten = rewriteLocation(location, root) ?? '/refused';
        expect(new URL(rewritten, 'https://portal.example').origin).toBe(
          'https://portal.example',
        );
      }),
    );
  });
});

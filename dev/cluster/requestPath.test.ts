import { parseObjectPath } from './requestPath';
import { deployments, namespaces, pods } from './resources';

describe('parseObjectPath', () => {
  it.each([
    ['/api/v1/namespaces', { resource: namespaces }],
    ['/api/v1/namespaces/demo', { resource: namespaces, name: 'demo' }],
    [
      '/api/v1/namespaces/demo/status',
      { resource: namespaces, name: 'demo', subresource: 'status' },
    ],
    ['/api/v1/pods', { resource: pods }],
    ['/api/v1/namespaces/demo/pods', { resource: pods, namespace: 'demo' }],
    [
      '/api/v1/namespaces/demo/pods/web/log',
      { resource: pods, namespace: 'demo', name: 'web', subresource: 'log' },
    ],
    [
      '/apis/apps/v1/namespaces/demo/deployments/web',
      { resource: deployments, namespace: 'demo', name: 'web' },
    ],
    ['/api/v1/namespaces/a%20b/pods', { resource: pods, namespace: 'a b' }],
  ])('reads %s', (path, expected) => {
    expect(parseObjectPath(path)).toEqual(expected);
  });

  it.each([
    '/',
    '/api/v1',
    '/api/v1/',
    '/api/v2/pods',
    '/api/v1/deployments',
    '/apis/apps/v1/pods',
    '/apis/apps/v1/namespaces',
    '/api/v1/secrets',
    '/api/v1/pods/web',
    '/api/v1/namespaces/demo/pods/',
    '/api/v1/namespaces//pods',
    '/api/v1/namespaces/demo/pods/web/exec',
    '/api/v1/namespaces/demo/pods/web/log/more',
  ])('has nothing at %s', path => {
    expect(parseObjectPath(path)).toBeUndefined();
  });
});

import fc from 'fast-check';
import {
  isReplayableRead,
  KubernetesRequestInfo,
  parseKubernetesRequestInfo,
} from './kubernetesRequestInfo';

function parse(request: string): KubernetesRequestInfo {
  const [method, url] = request.split(' ');
  const [path, query = ''] = url.split(/\?(.*)/s);
  return parseKubernetesRequestInfo(method, path.slice(1).split('/'), query);
}

const core = { isResourceRequest: true, apiPrefix: 'api', apiGroup: '' };
const v1 = { ...core, apiVersion: 'v1' };
const apps = {
  isResourceRequest: true,
  apiPrefix: 'apis',
  apiGroup: 'apps',
  apiVersion: 'v1',
};
const web = { namespace: 'shop', resource: 'pods', name: 'web' };

describe('parseKubernetesRequestInfo', () => {
  it.each([
    ['the root', 'GET /', { verb: 'get' }],
    ['a health check', 'HEAD /healthz', { verb: 'head' }],
    [
      'a path that has the shape of a resource',
      'POST /a/v1/pods/x',
      { verb: 'post' },
    ],
    ['the versions of the core group', 'GET /api', { verb: 'get' }],
    ['the resources of the core group', 'GET /api/v1/', { verb: 'get' }],
    ['the groups', 'GET /apis', { verb: 'get' }],
    [
      'the resources of a group',
      'GET /apis/apps/v1',
      { verb: 'get', apiPrefix: 'apis' },
    ],
    ['an API prefix in capitals', 'GET /API/v1/pods', { verb: 'get' }],
  ])('takes %s for no resource', (_, request, expected) => {
    expect(parse(request)).toEqual({
      method: request.split(' ')[0],
      isResourceRequest: false,
      isWellFormed: true,
      ...expected,
    });
  });

  it.each([
    [
      'an object in a namespace',
      'GET /api/v1/namespaces/shop/pods/web',
      { ...v1, ...web, verb: 'get' },
    ],
    [
      'HEAD as get',
      'HEAD /api/v1/namespaces/shop/pods/web',
      { ...v1, ...web, verb: 'get' },
    ],
    [
      'an object without a namespace',
      'PUT /api/v1/nodes/n1',
      { ...v1, verb: 'update', resource: 'nodes', name: 'n1' },
    ],
    [
      'a list across namespaces',
      'GET /apis/apps/v1/deployments',
      { ...apps, verb: 'list', resource: 'deployments' },
    ],
    [
      'a list with a trailing slash',
      'GET /apis/apps/v1/deployments/',
      { ...apps, verb: 'list', resource: 'deployments' },
    ],
    [
      'a subresource',
      'PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale',
      {
        ...apps,
        verb: 'patch',
        namespace: 'shop',
        resource: 'deployments',
        name: 'web',
        subresource: 'scale',
      },
    ],
    [
      'exec by POST as create',
      'POST /api/v1/namespaces/shop/pods/web/exec?command=sh',
      { ...v1, ...web, verb: 'create', subresource: 'exec' },
    ],
    [
      'a deletion',
      'DELETE /api/v1/namespaces/shop/pods/web',
      { ...v1, ...web, verb: 'delete' },
    ],
    [
      'a deletion without a name as that of a collection',
      'DELETE /api/v1/namespaces/shop/pods',
      { ...v1, verb: 'deletecollection', namespace: 'shop', resource: 'pods' },
    ],
    [
      'a deletion by field selector as one without a name',
      'DELETE /api/v1/namespaces/shop/pods?fieldSelector=metadata.name=web',
      { ...v1, verb: 'deletecollection', namespace: 'shop', resource: 'pods' },
    ],
    [
      'a method that has no verb',
      'OPTIONS /api/v1/pods',
      { ...v1, verb: '', resource: 'pods' },
    ],
    [
      'the list of namespaces',
      'GET /api/v1/namespaces',
      { ...v1, verb: 'list', resource: 'namespaces' },
    ],
    [
      'a namespace as an object in itself',
      'GET /api/v1/namespaces/shop',
      {
        ...v1,
        verb: 'get',
        namespace: 'shop',
        resource: 'namespaces',
        name: 'shop',
      },
    ],
    [
      'the status of a namespace',
      'GET /api/v1/namespaces/shop/status',
      {
        ...v1,
        verb: 'get',
        namespace: 'shop',
        resource: 'namespaces',
        name: 'shop',
        subresource: 'status',
      },
    ],
    [
      'the finalizers of a namespace',
      'PUT /api/v1/namespaces/shop/finalize',
      {
        ...v1,
        verb: 'update',
        namespace: 'shop',
        resource: 'namespaces',
        name: 'shop',
        subresource: 'finalize',
      },
    ],
    [
      'a namespace that is called as its subresource',
      'GET /api/v1/namespaces/status/pods',
      { ...v1, verb: 'list', namespace: 'status', resource: 'pods' },
    ],
    [
      'the legacy watch of a list',
      'GET /api/v1/watch/namespaces/shop/pods',
      { ...v1, verb: 'watch', namespace: 'shop', resource: 'pods' },
    ],
    [
      'the legacy watch of an object',
      'GET /apis/apps/v1/watch/deployments/web',
      { ...apps, verb: 'watch', resource: 'deployments', name: 'web' },
    ],
    [
      'a legacy watch by POST as a watch',
      'POST /api/v1/watch/pods',
      { ...v1, verb: 'watch', resource: 'pods' },
    ],
    [
      'the proxy subresource, with the index of the service’s own path',
      'GET /api/v1/namespaces/shop/services/web:80/proxy/a/b',
      {
        ...v1,
        verb: 'get',
        namespace: 'shop',
        resource: 'services',
        name: 'web:80',
        subresource: 'proxy',
        servicePathIndex: 7,
      },
    ],
    [
      'the proxy subresource without a path behind it',
      'POST /api/v1/nodes/n1/proxy',
      {
        ...v1,
        verb: 'create',
        resource: 'nodes',
        name: 'n1',
        subresource: 'proxy',
        servicePathIndex: 5,
      },
    ],
    [
      'the proxy subresource of an aggregated API',
      'GET /apis/cluster.example/v1/clusters/c/proxy//x',
      {
        isResourceRequest: true,
        apiPrefix: 'apis',
        apiGroup: 'cluster.example',
        apiVersion: 'v1',
        verb: 'get',
        resource: 'clusters',
        name: 'c',
        subresource: 'proxy',
        servicePathIndex: 6,
      },
    ],
    [
      'the legacy proxy verb, which has no subresources',
      'DELETE /api/v1/proxy/namespaces/shop/services/web/status',
      {
        ...v1,
        verb: 'proxy',
        namespace: 'shop',
        resource: 'services',
        name: 'web',
        servicePathIndex: 7,
      },
    ],
    [
      'the legacy proxy verb without a namespace',
      'GET /api/v1/proxy/nodes/n1',
      {
        ...v1,
        verb: 'proxy',
        resource: 'nodes',
        name: 'n1',
        servicePathIndex: 5,
      },
    ],
    [
      'the legacy proxy verb without a name, which leads nowhere',
      'GET /api/v1/proxy/services/',
      { ...v1, verb: 'proxy', resource: 'services' },
    ],
  ])('reads %s', (_, request, expected) => {
    expect(parse(request)).toEqual({
      method: request.split(' ')[0],
      isWellFormed: true,
      ...expected,
    });
  });

  it.each([
    ['no query', '', 'list'],
    ['watch=true', 'watch=true', 'watch'],
    ['watch=1', 'limit=5&watch=1', 'watch'],
    ['watch alone', 'watch', 'watch'],
    ['an empty watch', 'watch=', 'watch'],
    ['a watch of any other value', 'watch=no', 'watch'],
    ['watch=false', 'watch=false', 'list'],
    ['watch=False, encoded', 'w%61tch=F%61lse', 'list'],
    ['watch=0', 'watch=0', 'list'],
    ['the first of two', 'watch=0&watch=1', 'list'],
    ['a watch that is not UTF-8', 'watch=%ff', 'watch'],
    ['another letter case', 'Watch=1', 'list'],
    ['a key with a question mark', '?watch=1', 'list'],
    ['a malformed escape, which drops the pair', 'watch=%zz', 'list'],
    ['a semicolon, which drops the pair', 'a;watch=1&watch=0', 'list'],
  ])('reads %s in the query as the API server does', (_, query, verb) => {
    expect(parse(`GET /api/v1/pods?${query}`).verb).toBe(verb);
  });

  it('does not look for watch where there is a name', () => {
    expect(parse('GET /api/v1/nodes/n1?watch=1').verb).toBe('get');
  });

  it.each([
    ['one term', 'metadata.name=web', 'web'],
    ['a double equals sign', 'metadata.name==web', 'web'],
    ['an encoded selector', 'metadata.name%3Dweb', 'web'],
    ['one of several terms', 'a=b,,metadata.name=web,c!=d', 'web'],
    [
      'the first of two names in sorted order',
      'metadata.name=b,metadata.name=a',
      'a',
    ],
    ['an escaped comma', 'metadata.name=a\\,b', 'a,b'],
    ['an inequality', 'metadata.name!=web', undefined],
    ['another field', 'metadata.namespace=web', undefined],
    ['an empty name', 'metadata.name=', undefined],
    ['a name with a slash', 'metadata.name=a%2Fb', undefined],
    ['a name with a percent sign', 'metadata.name=a%25b', undefined],
    ['a dot segment', 'metadata.name=..', undefined],
    ['a term without an operator', 'metadata.name=web,a', undefined],
    ['an unknown escape', 'metadata.name=web,a=\\b', undefined],
    ['a backslash at the end', 'metadata.name=web,a=b\\', undefined],
    ['two equals signs apart', 'metadata.name=a=b', undefined],
  ])('takes the name from a field selector with %s', (_, selector, name) => {
    const list = parse(`GET /api/v1/pods?fieldSelector=${selector}`);
    expect(list).toMatchObject({ verb: 'list' });
    expect(list.name).toBe(name);
    expect(parse(`GET /api/v1/pods?watch=1&fieldSelector=${selector}`)).toEqual(
      { ...list, verb: 'watch' },
    );
  });

  it.each([
    ['an empty segment', 'GET /api/v1//pods'],
    ['an empty name before proxy', 'GET /api/v1/services//proxy/x'],
    ['a slash in front', 'GET //api/v1/pods'],
    ['two slashes at the end', 'GET /api/v1/pods//'],
    ['an empty segment outside of the API', 'GET /healthz//etcd'],
    ['a legacy watch of nothing', 'GET /api/v1/watch'],
    ['a legacy proxy to nothing', 'GET /api/v1/proxy/'],
  ])('does not take %s for well-formed', (_, request) => {
    const info = parse(request);
    expect(info.isWellFormed).toBe(false);
    expect(info.servicePathIndex).toBeUndefined();
  });
});

describe('isReplayableRead', () => {
  it.each([
    ['an object', 'GET /api/v1/namespaces/shop/pods/web'],
    ['an object by HEAD', 'HEAD /api/v1/namespaces/shop/pods/web'],
    ['a list', 'GET /api/v1/pods/'],
    ['a watch', 'GET /api/v1/pods?watch=1'],
    ['a legacy watch', 'GET /api/v1/watch/pods'],
    ['a log', 'GET /api/v1/namespaces/shop/pods/web/log?follow=true'],
    ['discovery', 'GET /apis/apps/v1'],
    ['a health check', 'HEAD /healthz'],
    ['a pod called exec', 'GET /api/v1/namespaces/shop/pods/exec'],
  ])('is true for %s', (_, request) => {
    expect(isReplayableRead(parse(request))).toBe(true);
  });

  it.each([
    ['a creation', 'POST /api/v1/namespaces/shop/pods'],
    ['a deletion', 'DELETE /api/v1/namespaces/shop/pods/web'],
    ['a write outside of the API', 'POST /healthz'],
    ['a method without a verb', 'OPTIONS /api/v1/pods'],
    ['a legacy watch by POST', 'POST /api/v1/watch/pods'],
    ['exec', 'GET /api/v1/namespaces/shop/pods/web/exec?command=sh'],
    ['attach', 'GET /api/v1/namespaces/shop/pods/web/attach'],
    ['portforward', 'GET /api/v1/namespaces/shop/pods/web/portforward'],
    ['the proxy of a pod', 'GET /api/v1/namespaces/shop/pods/web/proxy/'],
    ['the proxy of a node', 'GET /api/v1/nodes/n1/proxy/metrics'],
    ['exec in capitals', 'GET /api/v1/namespaces/shop/pods/web/EXEC'],
    ['the legacy proxy', 'GET /api/v1/proxy/namespaces/shop/services/web'],
    ['a proxy behind a legacy watch', 'GET /api/v1/watch/services/web/proxy/x'],
    ['an empty segment', 'GET /api/v1/namespaces//pods/web'],
    ['a legacy watch of nothing', 'GET /api/v1/watch'],
  ])('is false for %s', (_, request) => {
    expect(isReplayableRead(parse(request))).toBe(false);
  });
});

describe('for any request', () => {
  const method = fc.constantFrom(
    ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'],
  );
  const word = fc.constantFrom(
    ...['', 'api', 'apis', 'v1', 'apps', 'watch', 'proxy', 'namespaces'],
    ...['status', 'finalize', 'pods', 'services', 'exec', 'web', '/', '..'],
  );
  const path = fc
    .tuple(
      fc.constantFrom([], ['api', 'v1'], ['apis', 'apps', 'v1']),
      fc.array(fc.oneof(word, fc.string({ unit: 'binary' })), { minLength: 1 }),
    )
    .map(([prefix, rest]) => [...prefix, ...rest]);
  const query = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          ...['watch', 'fieldSelector=metadata.name', '=', '&', '!', ',', '\\'],
          ...['%', '%2', '%5C', ';', '+', 'false', '0', 'web'],
        ),
      )
      .map(parts => parts.join('')),
  );

  it('knows the verb of each resource request', () => {
    const verbs = [
      ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      ...['deletecollection', 'proxy', ''],
    ];
    fc.assert(
      fc.property(method, path, query, (m, p, q) => {
        const info = parseKubernetesRequestInfo(m, p, q);
        // A legacy verb and nothing behind it leaves the method, as in the API server, which answers 500.
        const isVerbAlone = info.resource === undefined && !info.isWellFormed;
        expect(
          info.isResourceRequest && !isVerbAlone
            ? verbs
            : [m.toLowerCase(), ...verbs],
        ).toContain(info.verb);
      }),
    );
  });

  it('never replays what leads to a service', () => {
    fc.assert(
      fc.property(method, path, query, (m, p, q) => {
        const info = parseKubernetesRequestInfo(m, p, q);
        fc.pre(info.servicePathIndex !== undefined);
        expect(isReplayableRead(info)).toBe(false);
      }),
    );
  });

  it('finds the service’s own path behind the name or the word proxy', () => {
    fc.assert(
      fc.property(method, path, query, (m, p, q) => {
        const { servicePathIndex, verb, name } = parseKubernetesRequestInfo(
          m,
          p,
          q,
        );
        fc.pre(servicePathIndex !== undefined);
        expect(p[servicePathIndex! - 1]).toBe(
          verb === 'proxy' ? name : 'proxy',
        );
      }),
    );
  });
});

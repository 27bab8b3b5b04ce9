import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import { ApiPath, parseApiPath } from './apiPath';

const service = '/api/v1/namespaces/shop/services/web/proxy';

describe('parseApiPath', () => {
  it.each([
    ['a resource', '/api/v1/namespaces/shop/pods/web?pretty=true'],
    ['the root', '/'],
    ['an escaped letter', '/api/v1/%70ods'],
    ['a colon', '/api/v1/namespaces/shop/services/https:web:443/proxy/'],
    ['an escaped dot that makes no dot segment', '/api/v1/nodes/a%2Eb'],
    ['three dots', '/.../..a/a..'],
    ['a dot segment that is encoded twice', '/api/v1/%252e%252e/x'],
    ['a slash that is encoded twice', '/api/v1/namespaces/a%252fb'],
    ['a semicolon, which has no meaning', '/a/..;/b;v=1'],
    ['an escape that is not UTF-8', '/api/v1/nodes/%ff'],
    ['a raw byte beyond ASCII', '/api/v1/nodes/\xe9'],
    ['empty segments', '//api///v1/pods//'],
    ['a lone question mark', '/api/v1/pods?'],
    ['dot segments in the query', '/api/v1/pods?x=/../&y=%2e%2e%2f'],
    ['a malformed escape in the query', '/api/v1/pods?x=%zz&y=%'],
    ['a NUL, backslash and hash in the query', '/api/v1/pods?x=%00\\#'],
    ['a service’s encoded slash', `${service}/a%2Fb//c%5cd%0a/?e`],
    ['a node’s encoded slash', '/api/v1/nodes/n1/proxy/a%2Fb'],
    ['an encoded slash behind the legacy proxy', '/api/v1/proxy/nodes/n/a%2Fb'],
  ])('passes %s byte for byte', (_, url) => {
    expect(parseApiPath('GET', url).raw).toBe(url);
  });

  it('decodes names once, as UTF-8', () => {
    const { request } = parseApiPath(
      'GET',
      '/api/v1/n%61mespaces/shop/secrets/%C3%A9%252e?watch=1',
    );
    expect(request).toMatchObject({
      verb: 'get',
      namespace: 'shop',
      resource: 'secrets',
      name: 'é%2e',
    });
  });

  it('hands the query on', () => {
    expect(parseApiPath('GET', '/api/v1/pods?watch=1?').request.verb).toBe(
      'watch',
    );
  });

  const slash =
    'The API path must not contain an encoded slash, backslash or control character';
  const dots = "The API path must not contain '.' or '..' segments";
  const bytes =
    'The API path and its query must not contain spaces or control characters';
  const escape = 'The API path has a malformed percent-encoding';
  const nul = 'The API path must not contain a NUL character';
  const start = 'The API path must start with a slash';
  const backslash = 'The API path must not contain a backslash';
  const fragment = 'The API path must not contain a fragment';
  it.each([
    ['/api/v1/../x', dots],
    ['/%2e%2e/x', dots],
    ['/.%2E/', dots],
    ['/%2e/x', dots],
    ['/a/./b', dots],
    ['/api/v1/..', dots],
    ['/api/v1/pods/..?token=secret', dots],
    ['/.', dots],
    ['/api/v1/namespaces/a%2f..%2fb', dots],
    ['/api/v1/namespaces/..%5c', dots],
    ['/a%5c..', dots],
    ['/a%5C.%2E%2fb', dots],
    [`${service}/../../secrets`, dots],
    [`${service}/%2e%2e/x`, dots],
    [`${service}/a%2f..%2fb`, dots],
    [`${service}/a%5c..`, dots],
    [`${service}/..`, dots],
    ['/api/v1/namespaces/a%2fb', slash],
    ['/api/v1/namespaces/a%2Fb/pods', slash],
    ['/api%2fv1/namespaces', slash],
    ['/%2fapi/v1/pods', slash],
    ['/healthz/a%2fb', slash],
    ['/api/v1/namespaces/a%5cb', slash],
    ['/api/v1/nodes/a%0d%0ab', slash],
    ['/api/v1/nodes/a%7f', slash],
    ['/api/v1/nodes/a%c2%85', slash],
    ['/api/v1/nodes/n%2fproxy/a%2fb', slash],
    ['/api/v1/nodes/n/PROXY/a%2fb', slash],
    ['/api/v1/nodes//proxy/a%2fb', slash],
    ['/api/v1/namespaces/shop/pods/web/log/a%2fb', slash],
    ['/api/v1/proxy/nodes/a%2fb', slash],
    ['/a%00', nul],
    [`${service}/a%00`, nul],
    ['/%', escape],
    ['/a%2', escape],
    ['/%zz', escape],
    ['/%%32e', escape],
    [`${service}/%u002e`, escape],
    ['/a%?20', escape],
    ['/a\\b', backslash],
    ['\\a', start],
    ['/..\\a', backslash],
    [`${service}/a\\..`, backslash],
    ['/a#b', fragment],
    ['/#?', fragment],
    ['', start],
    ['api/v1/pods', start],
    ['?/', start],
    ['*', start],
    ['https://other.example/', start],
    ['/a b', bytes],
    ['/a\tb', bytes],
    ['/a\r\nHost: other.example', bytes],
    ['/a\0', bytes],
    ['/a\x7f', bytes],
    ['/a\u0130', bytes],
    ['/a?b c', bytes],
    ['/a?b\n', bytes],
    ['/\u2025/', bytes],
  ])('refuses %j', (url, message) => {
    expect(() => parseApiPath('GET', url)).toThrow(new InputError(message));
    expect(() => parseApiPath('GET', url)).toThrow(InputError);
  });
});

/** The path as Go's net/http and the API server see it: decoded whole and once, trimmed, split. */
function splitAsGo(path: string): string[] {
  let decoded = '';
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '%') {
      decoded += String.fromCharCode(Number(`0x${path.slice(i + 1, i + 3)}`));
      i += 2;
    } else {
      decoded += path[i];
    }
  }
  return decoded.replace(/^\/+|\/+$/g, '').split('/');
}

interface Target {
  namespace: string;
  resource: string;
  name: string;
  subresource: string;
}

/** The grammar of resource paths, apart from the code under test. */
function targetAsGo(parts: string[]): Target | undefined {
  const prefixLength = { api: 2, apis: 3 }[parts[0]];
  if (prefixLength === undefined || parts.length <= prefixLength) {
    return undefined;
  }
  let rest = parts.slice(prefixLength);
  const hasVerb = rest[0] === 'watch' || rest[0] === 'proxy';
  if (hasVerb && rest.length === 1) {
    return undefined;
  }
  const isProxyVerb = rest[0] === 'proxy';
  rest = hasVerb ? rest.slice(1) : rest;
  let namespace = '';
  if (rest[0] === 'namespaces') {
    namespace = rest[1] ?? '';
    if (rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') {
      rest = rest.slice(2);
    }
  }
  return {
    namespace,
    resource: rest[0],
    name: rest[1] ?? '',
    subresource: isProxyVerb ? '' : (rest[2] ?? ''),
  };
}

function tryParse(method: string, url: string): ApiPath | undefined {
  try {
    return parseApiPath(method, url);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return undefined;
  }
}

describe('for any URL', () => {
  const segment = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...['api', 'apis', 'v1', 'watch', 'proxy', 'namespaces', 'status'],
        ...['pods', 'services', 'shop', 'web', '%77eb', ''],
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...['.', '..', '%2e', '.%2E', '%252e', '%2f', 'a%2Fb', '%2f..', '%5c'],
        ...['..%5C', '..;', '%00', '%0a', '%ff', '%', '%zz', '#', '\\', '\xff'],
      ),
    },
  );
  const url = fc
    .tuple(
      fc.constantFrom('', '/api/v1', '/apis/apps/v1', service),
      fc.array(segment, { maxLength: 8 }),
      fc.constantFrom('', '?', '?x=/../', '?watch=1'),
    )
    .map(([prefix, segments, query]) => {
      return `${prefix}/${segments.join('/')}${query}`;
    });
  const method = fc.constantFrom('GET', 'POST', 'DELETE');

  it('throws nothing but InputError', () => {
    fc.assert(
      fc.property(
        method,
        fc.oneof(url, fc.string({ unit: 'binary' }), fc.webPath()),
        (m, text) => {
          const parsed = tryParse(m, text);
          expect([undefined, text]).toContain(parsed?.raw);
        },
      ),
    );
  });

  it('accepts only what the API server reads the same way, and no dot segment', () => {
    fc.assert(
      fc.property(method, url, (m, raw) => {
        const parsed = tryParse(m, raw);
        fc.pre(parsed !== undefined);
        const parts = splitAsGo(raw.split('?')[0]);
        expect(parts).not.toContain('.');
        expect(parts).not.toContain('..');

        const expected = targetAsGo(parts);
        const { request } = parsed!;
        const asText = (bytes: string) =>
          Buffer.from(bytes, 'latin1').toString();
        expect({
          namespace: request.namespace ?? '',
          resource: request.resource ?? '',
          name: request.name ?? '',
          subresource: request.subresource ?? '',
        }).toEqual({
          namespace: asText(expected?.namespace ?? ''),
          resource: asText(expected?.resource ?? ''),
          name: asText(expected?.name ?? ''),
          subresource: asText(expected?.subresource ?? ''),
        });
      }),
      { numRuns: 1000 },
    );
  });
});

import { BadGatewayError } from './errors';
import { AnswerHead, responseHeaders } from './responseHeaders';

const location = {
  requested: 'https://cluster:6443/api',
  basePath: '',
  surface: '/api/kubernetes/proxy',
};

function answer(
  headers: Record<string, string | string[]>,
  statusCode = 200,
): AnswerHead {
  const entries = Object.entries(headers);
  return {
    statusCode,
    headers: Object.fromEntries(
      entries.map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    headersDistinct: Object.fromEntries(
      entries.map(([name, value]) => [name, [value].flat()]),
    ),
  };
}

function relayed(
  head: AnswerHead,
  setByPortal: Record<string, string> = {},
): Record<string, unknown> {
  return {
    ...responseHeaders(
      head,
      {
        hasHeader: name => name in setByPortal,
        getHeader: name => setByPortal[name],
      },
      location,
    ),
  };
}

describe('responseHeaders', () => {
  it('passes on what the cluster says, repeated headers included', () => {
    expect(
      relayed(
        answer({
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'audit-id': 'a',
          warning: ['299 - "one"', '299 - "two"'],
        }),
      ),
    ).toMatchObject({
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'audit-id': 'a',
      warning: ['299 - "one"', '299 - "two"'],
    });
  });

  it.each([
    'set-cookie',
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'clear-site-data',
    'service-worker-allowed',
    'strict-transport-security',
    'alt-svc',
    'refresh',
    'connection',
    'keep-alive',
    'transfer-encoding',
    'trailer',
    'upgrade',
    'proxy-authenticate',
  ])('keeps %s from the browser', name => {
    expect(relayed(answer({ [name]: 'x' }))).toEqual({
      'cache-control': 'no-transform',
    });
  });

  it('keeps what Connection names from the browser', () => {
    expect(relayed(answer({ connection: 'X-Hop', 'x-hop': '1' }))).toEqual({
      'cache-control': 'no-transform',
    });
  });

  it('lets the security headers of the portal win', () => {
    expect(
      relayed(answer({ 'content-security-policy': 'none' }), {
        'content-security-policy': `default-src 'self'`,
      }),
    ).toEqual({ 'cache-control': 'no-transform' });
  });

  it('unites Vary', () => {
    expect(relayed(answer({ vary: 'Accept' }), { vary: 'Origin' })).toEqual({
      'cache-control': 'no-transform',
      vary: 'Origin, Accept',
    });
  });

  it.each([
    ['no-cache, private', 'no-cache, private, no-transform'],
    ['no-transform', 'no-transform'],
    ['private,No-Transform', 'private,No-Transform'],
  ])('forbids compression beside Cache-Control %j', (sent, expected) => {
    expect(relayed(answer({ 'cache-control': sent }))).toEqual({
      'cache-control': expected,
    });
  });

  it('leads a redirect on the cluster back to the portal', () => {
    expect(relayed(answer({ location: '/x/' }, 301))).toMatchObject({
      location: '/api/kubernetes/proxy/x/',
    });
  });

  it.each([301, 302, 303, 307, 308])(
    'fails a %i redirect that leads elsewhere',
    status => {
      expect(() =>
        relayed(answer({ location: 'http://169.254.169.254/' }, status)),
      ).toThrow(BadGatewayError);
    },
  );

  it('drops a Location elsewhere that no client follows', () => {
    expect(
      relayed(answer({ location: 'https://other/created' }, 201)),
    ).not.toHaveProperty('location');
  });
});

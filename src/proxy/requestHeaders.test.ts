import fc from 'fast-check';
import type { HeaderPolicy } from '../config/settings';
import { ImpersonationRefusedError } from './errors';
import { refuseImpersonation, requestHeaders } from './requestHeaders';

const strict: HeaderPolicy = {
  forward: new Set(),
  forwardImpersonation: false,
};
const lenient: HeaderPolicy = {
  forward: new Set(['x-forwarded-for', 'forwarded']),
  forwardImpersonation: true,
};
const ours = { host: 'cluster:6443', authorization: 'Bearer ours' };

function outgoing(
  rawHeaders: string[],
  {
    method = 'GET',
    policy = strict,
    set = ours as typeof ours | { host: string },
  } = {},
) {
  return { ...requestHeaders({ method, rawHeaders }, set, policy) };
}

describe('requestHeaders', () => {
  it('passes on what is harmless, repeated headers included', () => {
    expect(
      outgoing([
        'Accept',
        'application/json',
        'User-Agent',
        'kubectl',
        'X-Twice',
        '1',
        'x-twice',
        '2',
      ]),
    ).toEqual({
      ...ours,
      accept: 'application/json',
      'user-agent': 'kubectl',
      'x-twice': ['1', '2'],
    });
  });

  it.each([
    'Authorization',
    'authorization',
    'Cookie',
    'Cookie2',
    'Host',
    'Expect',
    'Forwarded',
    'X-Real-IP',
    'X-Forwarded-For',
    'x_forwarded_host',
    'X-Forwarded-Anything',
    'X-Remote-User',
    'x_remote_group',
    'X-Remote-Extra-scopes',
    'Proxy-Authorization',
    'Proxy-Connection',
    'Backstage-Kubernetes-Cluster',
    'Backstage_Kubernetes_Authorization',
    'Backstage-Kubernetes-Authorization-oidc-okta',
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Upgrade',
    'HTTP2-Settings',
    'Sec-WebSocket-Protocol',
    'Cf-Access-Jwt-Assertion',
    'X-Amzn-Oidc-Data',
    'X-Auth-Request-Access-Token',
    'X-Goog-IAP-JWT-Assertion',
    'X-Goog-Authenticated-User-Email',
    'X-MS-TOKEN-AAD-ID-TOKEN',
    'X-MS-CLIENT-PRINCIPAL',
    'X-Pomerium-Jwt-Assertion',
  ])('drops %s', name => {
    expect(outgoing([name, 'sent by the client'])).toEqual(ours);
  });

  it('sends no Authorization when the identity has none', () => {
    expect(
      outgoing(['Authorization', 'Bearer portal'], { set: { host: 'c' } }),
    ).toEqual({ host: 'c' });
  });

  it('drops what Connection names, but never what we set', () => {
    expect(
      outgoing([
        'Connection',
        'close, X-Secret, Authorization, Host',
        'X-Secret',
        'dropped',
        'X-Kept',
        'kept',
      ]),
    ).toEqual({ ...ours, 'x-kept': 'kept' });
  });

  it('re-admits the headers that the operator names', () => {
    expect(
      outgoing(['X-Forwarded-For', '10.0.0.1', 'X-Forwarded-Host', 'portal'], {
        policy: lenient,
      }),
    ).toEqual({ ...ours, 'x-forwarded-for': '10.0.0.1' });
  });

  it('keeps an admitted impersonation even when Connection names it', () => {
    expect(
      outgoing(['Connection', 'Impersonate-User', 'Impersonate-User', 'bob'], {
        policy: lenient,
      }),
    ).toEqual({ ...ours, 'impersonate-user': 'bob' });
  });

  it('fails closed on impersonation that was not refused before', () => {
    expect(outgoing(['Impersonate-User', 'admin'])).toEqual(ours);
  });

  it('keep the framing of the body even when Connection names it', () => {
    expect(
      outgoing(['Connection', 'Content-Length', 'Content-Length', '5'], {
        method: 'DELETE',
      }),
    ).toEqual({ ...ours, 'content-length': '5' });
  });

  it('lets no client choose an identity, whatever the spelling', () => {
    const spelling = fc
      .constantFrom(
        'authorization',
        'cookie',
        'x-remote-user',
        'x-remote-extra-a',
        'impersonate-user',
        'impersonate-extra-a',
        'proxy-authorization',
        'backstage-kubernetes-authorization',
      )
      .chain(name =>
        fc
          .array(fc.boolean(), {
            minLength: name.length,
            maxLength: name.length,
          })
          .map(flips =>
            [...name]
              .map((char, i) => {
                if (!flips[i]) {
                  return char;
                }
                return char === '-' ? '_' : char.toUpperCase();
              })
              .join(''),
          ),
      );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(spelling, fc.constant('attack')), { maxLength: 8 }),
        fc.array(
          fc.tuple(fc.constantFrom('Connection', 'Accept'), fc.string()),
          {
            maxLength: 4,
          },
        ),
        (attacks, others) => {
          const sent = [...attacks, ...others].flat();
          expect(JSON.stringify(outgoing(sent))).not.toContain('"attack"');
          expect(outgoing(sent).authorization).toBe(ours.authorization);
        },
      ),
    );
  });
});

describe('refuseImpersonation', () => {
  it.each([
    'Impersonate-User',
    'impersonate-group',
    'IMPERSONATE-UID',
    'Impersonate-Extra-scopes',
    'Impersonate_User',
    'impersonate_extra_a',
  ])('refuses %s', name => {
    expect(() => refuseImpersonation([name, 'admin'], strict)).toThrow(
      ImpersonationRefusedError,
    );
  });

  it('accepts requests without impersonation', () => {
    expect(() => refuseImpersonation(['Accept', '*/*'], strict)).not.toThrow();
  });

  it('accepts it where the operator does, but in no other spelling', () => {
    expect(() =>
      refuseImpersonation(['Impersonate-User', 'bob'], lenient),
    ).not.toThrow();
    expect(() =>
      refuseImpersonation(['Impersonate_User', 'bob'], lenient),
    ).toThrow(ImpersonationRefusedError);
  });
});

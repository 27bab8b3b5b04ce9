import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import { readGatewayHeaders } from './gatewayHeaders';

describe('readGatewayHeaders', () => {
  it.each([
    ['the exact spelling', 'Backstage-Kubernetes-Cluster'],
    ['lower case', 'backstage-kubernetes-cluster'],
    ['upper case', 'BACKSTAGE-KUBERNETES-CLUSTER'],
  ])('reads the cluster from its header in %s', (_, name) => {
    expect(readGatewayHeaders([name, 'one'])).toMatchObject({ cluster: 'one' });
  });

  it('takes an empty cluster header for a missing one', () => {
    expect(
      readGatewayHeaders(['Backstage-Kubernetes-Cluster', '']).cluster,
    ).toBeUndefined();
  });

  it('keeps an empty verbatim authorization apart from a missing one', () => {
    expect(
      readGatewayHeaders(['Backstage-Kubernetes-Authorization', '']),
    ).toMatchObject({ authorization: '' });
    expect(readGatewayHeaders([]).authorization).toBeUndefined();
  });

  it.each([
    [['Backstage-Kubernetes-Authorization-Google', 'T'], { google: 'T' }],
    [
      ['Backstage-Kubernetes-Authorization-oidc-okta', 'T'],
      { oidc: { okta: 'T' } },
    ],
    [
      ['Backstage-Kubernetes-Authorization-pinniped-au-b-c', 'T'],
      { pinniped: { 'au-b-c': 'T' } },
    ],
    [
      [
        'Backstage-Kubernetes-Authorization-oidc-a',
        'A',
        'Backstage-Kubernetes-Authorization-oidc-b',
        'B',
      ],
      { oidc: { a: 'A', b: 'B' } },
    ],
    [['Accept', 'application/json'], {}],
  ])('reads the provider tokens of %j', (rawHeaders, expected) => {
    const { requestAuth } = readGatewayHeaders(rawHeaders);
    expect(JSON.parse(JSON.stringify(requestAuth))).toEqual(expected);
  });

  it.each(['__proto__', 'constructor-prototype', '__proto__-polluted'])(
    'gives no object a new property for the provider %s',
    suffix => {
      readGatewayHeaders([`Backstage-Kubernetes-Authorization-${suffix}`, 'T']);
      expect(({} as any).polluted).toBeUndefined();
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    },
  );

  it.each([
    'Backstage-Kubernetes-Cluster',
    'Backstage-Kubernetes-Authorization',
    'Backstage-Kubernetes-Authorization-google',
    'Authorization',
  ])('refuses %s sent twice, in whatever case', name => {
    expect(() =>
      readGatewayHeaders([name, 'a', 'Accept', '*/*', name.toUpperCase(), 'b']),
    ).toThrow(InputError);
  });

  it('says that a header was sent twice without repeating its value', () => {
    expect(() =>
      readGatewayHeaders([
        'Authorization',
        'secret',
        'authorization',
        'secret',
      ]),
    ).toThrow(/^Header 'authorization' must be sent only once$/);
  });

  it.each([
    [['Connection', 'Upgrade', 'Upgrade', 'WebSocket'], 'websocket'],
    [['Upgrade', 'SPDY/3.1', 'Connection', 'keep-alive, upgrade'], 'spdy/3.1'],
    [['Upgrade', 'websocket'], undefined],
    [['Connection', 'Upgrade'], undefined],
  ])('sees in %j the upgrade %s', (rawHeaders, upgrade) => {
    expect(readGatewayHeaders(rawHeaders).upgrade).toBe(upgrade);
  });

  it('never fails on single headers of any name', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { selector: name => name.toLowerCase() }),
        fc.string(),
        (names, value) => {
          readGatewayHeaders(names.flatMap(name => [name, value]));
        },
      ),
    );
  });
});

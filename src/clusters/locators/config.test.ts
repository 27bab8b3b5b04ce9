import { readConfigClusters } from './config';

// A self-signed certificate that expired long ago: only its form is looked at.
const caData = Buffer.from(
  `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUaRiF6mCRb+e1S7tbyS0GzcJ1VMwwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`,
).toString('base64');

const key = 'kubernetes.clusterLocatorMethods[0].clusters';
const accept = () => [];
const minimal = {
  name: 'one',
  url: 'https://cluster.example',
  authProvider: 'serviceAccount',
};

describe('readConfigClusters', () => {
  it('reads a minimal cluster with its defaults', () => {
    expect(readConfigClusters([minimal], key, accept)).toEqual([
      {
        name: 'one',
        url: 'https://cluster.example',
        authMetadata: { 'kubernetes.io/auth-provider': 'serviceAccount' },
        skipTLSVerify: false,
        skipMetricsLookup: false,
      },
    ]);
  });

  it('reads every key', () => {
    expect(
      readConfigClusters(
        [
          {
            ...minimal,
            title: 'Cluster one',
            authProvider: 'aws',
            authMetadata: {
              'kubernetes.io/x-k8s-aws-id': 'eks-one',
              'kubernetes.io/aws-account-id': 123456789012,
            },
            serviceAccountToken: 'token\n',
            assumeRole: 'arn:aws:iam::1:role/r',
            externalId: 'external',
            oidcTokenProvider: 'okta',
            skipTLSVerify: 'true',
            skipMetricsLookup: true,
            caFile: '/etc/ca.pem',
            customResources: [
              { group: 'g', apiVersion: 'v1', plural: 'things' },
            ],
            dashboardUrl: 'https://dashboard.example',
            dashboardApp: 'gke',
            dashboardParameters: { projectId: 'p', nested: { a: [1] } },
          },
        ],
        key,
        accept,
      ),
    ).toEqual([
      {
        name: 'one',
        title: 'Cluster one',
        url: 'https://cluster.example',
        authMetadata: {
          'kubernetes.io/auth-provider': 'aws',
          'kubernetes.io/aws-assume-role': 'arn:aws:iam::1:role/r',
          'kubernetes.io/aws-external-id': 'external',
          'kubernetes.io/oidc-token-provider': 'okta',
          'kubernetes.io/x-k8s-aws-id': 'eks-one',
          'kubernetes.io/aws-account-id': '123456789012',
          serviceAccountToken: 'token',
        },
        skipTLSVerify: true,
        skipMetricsLookup: true,
        caFile: '/etc/ca.pem',
        customResources: [{ group: 'g', apiVersion: 'v1', plural: 'things' }],
        dashboardUrl: 'https://dashboard.example',
        dashboardApp: 'gke',
        dashboardParameters: { projectId: 'p', nested: { a: [1] } },
      },
    ]);
  });

  it('lets authMetadata win over the keys beside it', () => {
    const [cluster] = readConfigClusters(
      [
        {
          ...minimal,
          authMetadata: { 'kubernetes.io/auth-provider': 'google' },
        },
      ],
      key,
      accept,
    );
    expect(cluster.authMetadata['kubernetes.io/auth-provider']).toBe('google');
  });

  it.each([
    ['no name', { ...minimal, name: undefined }, /'\?' in .*\[0\]: name: /],
    ['no url', { ...minimal, url: undefined }, /'one' in .*\[0\]: url: /],
    [
      'a url without scheme',
      { ...minimal, url: 'cluster:6443' },
      /url: must be an http or https URL/,
    ],
    [
      'a file url',
      { ...minimal, url: 'file:///etc/passwd' },
      /url: must be an http or https URL/,
    ],
    [
      'caData that is PEM and not base64 of it',
      { ...minimal, caData: '-----BEGIN CERTIFICATE-----' },
      /caData: must be base64-encoded PEM/,
    ],
    ['caData of a broken certificate', { ...minimal, caData }, /caData: /],
    [
      'a token of two lines',
      { ...minimal, serviceAccountToken: 'secret\r\nX-Remote-User: admin' },
      /serviceAccountToken: must be one token/,
    ],
    [
      'a flag that is none',
      { ...minimal, skipTLSVerify: 'maybe' },
      /skipTLSVerify: /,
    ],
    [
      'a custom resource without plural',
      { ...minimal, customResources: [{ group: '', apiVersion: 'v1' }] },
      /customResources\[0\]\.plural: /,
    ],
    [
      'no auth provider',
      { ...minimal, authProvider: undefined },
      /cluster 'one' has no auth provider configured/,
    ],
    ['nothing', null, /'\?' in /],
  ])('fails on %s, naming cluster and key', (_, cluster, message) => {
    const read = () => readConfigClusters([cluster], key, accept);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/secret/);
  });

  it('names every key that is wrong at once', () => {
    expect(() =>
      readConfigClusters([{ ...minimal, url: 'x', caData: 'x' }], key, accept),
    ).toThrow(/url: .*; caData: /);
  });

  it(`reports what the auth provider says of a cluster`, () => {
    expect(() =>
      readConfigClusters([minimal], key, () => [
        new Error('a'),
        new Error('b'),
      ]),
    ).toThrow(`Invalid cluster 'one': a, b`);
  });

  it('fails on a name used twice', () => {
    expect(() => readConfigClusters([minimal, minimal], key, accept)).toThrow(
      `Duplicate cluster name 'one' in ${key}`,
    );
  });

  it('fails on clusters that are no list', () => {
    expect(() => readConfigClusters(undefined, key, accept)).toThrow(
      `${key} must be a list of clusters`,
    );
  });
});

import { mockCredentials } from '@backstage/backend-test-utils';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';
import type { AuthorizedRequest } from '../permissions/authorizedRequest';
import { ClusterRegistryOptions, createClusterRegistry } from './registry';

const credentials = mockCredentials.user();
const cluster = (name: string, more = {}): ClusterDetails => ({
  name,
  url: `https://${name}.example`,
  authMetadata: { 'kubernetes.io/auth-provider': 'google' },
  ...more,
});

function registry(
  clusters: ClusterDetails[],
  options: Partial<ClusterRegistryOptions> = {},
) {
  const supplier = { getClusters: jest.fn(async () => clusters) };
  return {
    supplier,
    ...createClusterRegistry({ supplier, ...options }),
  };
}

const named = (clusterName?: string) =>
  ({ clusterName, caller: { credentials } }) as AuthorizedRequest;

describe('createClusterRegistry', () => {
  it('finds a cluster by its exact name', async () => {
    const clusters = registry([cluster('a'), cluster('ab')]);
    await expect(clusters.resolve(named('ab'))).resolves.toMatchObject({
      url: 'https://ab.example',
    });
  });

  it.each(['b', 'A', 'a ', '__proto__', 'constructor', 'toString'])(
    'does not find %j',
    async name => {
      await expect(
        registry([cluster('a'), cluster('ab')]).resolve(named(name)),
      ).rejects.toMatchObject({
        name: 'NotFoundError',
        message: `Cluster '${name}' not found`,
      });
    },
  );

  it('takes the only cluster for a request that names none', async () => {
    await expect(
      registry([cluster('a')]).resolve(named()),
    ).resolves.toMatchObject({ name: 'a' });
  });

  it('takes the default cluster for a request that names none', async () => {
    await expect(
      registry([cluster('a'), cluster('b')], {
        defaultCluster: 'b',
      }).resolve(named()),
    ).resolves.toMatchObject({ name: 'b' });
  });

  it('names the header to a request that names none of several', async () => {
    await expect(
      registry([cluster('a'), cluster('b')]).resolve(named()),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringMatching(
        /^Cluster 'undefined' not found.*Backstage-Kubernetes-Cluster/,
      ),
    });
  });

  it('says so when there are no clusters', async () => {
    await expect(registry([]).resolve(named('a'))).rejects.toMatchObject({
      name: 'NotFoundError',
      message: 'No Clusters configured',
    });
  });

  it('takes the first of two with the same name', async () => {
    await expect(
      registry([
        cluster('a'),
        cluster('a', { url: 'https://second.example' }),
      ]).resolve(named('a')),
    ).resolves.toMatchObject({ url: 'https://a.example' });
  });

  it(`asks the supplier with the caller's credentials`, async () => {
    const clusters = registry([cluster('a')]);
    await clusters.resolve(named('a'));
    await clusters.list(credentials);
    expect(clusters.supplier.getClusters.mock.calls).toEqual([
      [{ credentials }],
      [{ credentials }],
    ]);
  });

  it('sees clusters that a supplier adds to the list it keeps', async () => {
    const list = [cluster('a')];
    const clusters = registry(list);
    await clusters.resolve(named('a'));
    list.push(cluster('b'));
    await expect(clusters.resolve(named('b'))).resolves.toMatchObject({
      name: 'b',
    });
  });

  it('gives the same cluster each time for a list that cannot change', async () => {
    const clusters = registry(
      Object.freeze([cluster('a')]) as ClusterDetails[],
      {
        inCluster: {
          url: 'https://10.96.0.1:443',
          caFile: '/ca',
          tokenFile: '/token',
        },
      },
    );
    const first = await clusters.resolve(named('a'));
    expect(await clusters.resolve(named('a'))).toBe(first);
  });

  it(`leads the pod's own service account to its own API server`, async () => {
    const clusters = registry(
      [
        cluster('own', {
          authMetadata: { 'kubernetes.io/auth-provider': 'serviceAccount' },
        }),
      ],
      {
        inCluster: {
          url: 'https://10.96.0.1:443',
          caFile: '/ca',
          tokenFile: '/token',
        },
      },
    );
    await expect(clusters.resolve(named('own'))).resolves.toMatchObject({
      url: 'https://10.96.0.1:443',
      caFile: '/ca',
    });
  });
});

import { mockServices } from '@backstage/backend-test-utils';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';
import { ExtensionPoints } from './extensions';

const supplier = (name: string) => ({
  getClusters: async () => [
    { name, url: 'https://cluster.example', authMetadata: {} },
  ],
});
const strategy = {
  getCredential: async () => ({ type: 'anonymous' as const }),
  validateCluster: () => [],
  presentAuthMetadata: () => ({}),
};

describe('ExtensionPoints', () => {
  it('adapts stock strategies beside translators', () => {
    const extensions = new ExtensionPoints();
    extensions.addAuthStrategy('stock', strategy);
    extensions.addAuthTranslator('ours', {
      translate: async () => ({ type: 'anonymous' }),
    });
    expect([...extensions.translators.keys()]).toEqual(['stock', 'ours']);
  });

  it('refuses names with dashes, which separate the parts of a header', () => {
    const extensions = new ExtensionPoints();
    expect(() => extensions.addAuthStrategy('a-b', strategy)).toThrow(
      'Strategy name can not include dashes',
    );
    expect(() =>
      extensions.addAuthTranslator('a-b', {
        translate: async () => ({ type: 'anonymous' }),
      }),
    ).toThrow('Strategy name can not include dashes');
  });

  it('refuses a translator added twice', () => {
    const extensions = new ExtensionPoints();
    const translator = {
      translate: async () => ({ type: 'anonymous' }) as const,
    };
    extensions.addAuthTranslator('ours', translator);
    expect(() => extensions.addAuthTranslator('ours', translator)).toThrow(
      `Auth translator 'ours' is added twice`,
    );
  });

  it.each([
    ['a supplier', supplier('added')],
    ['a factory', async () => supplier('added')],
  ])('uses %s of a module', async (_, added) => {
    const extensions = new ExtensionPoints();
    extensions.addClusterSupplier(added);
    const used = await extensions.clusterSupplier(supplier('default'));
    expect(
      await used.getClusters({ credentials: undefined as never }),
    ).toMatchObject([{ name: 'added' }]);
  });

  it('gives a factory the default supplier', async () => {
    const extensions = new ExtensionPoints();
    extensions.addClusterSupplier(({ getDefault }) => getDefault());
    const byDefault = supplier('default');
    const used = await extensions.clusterSupplier(byDefault);
    expect(
      await used.getClusters({ credentials: undefined as never }),
    ).toMatchObject([{ name: 'default' }]);
    expect(await new ExtensionPoints().clusterSupplier(byDefault)).toBe(
      byDefault,
    );
  });

  it('lets a factory add to the default list', async () => {
    const extensions = new ExtensionPoints();
    extensions.addClusterSupplier(async ({ getDefault }) => {
      const byDefault = await getDefault();
      return {
        async getClusters(options) {
          const clusters = await byDefault.getClusters(options);
          clusters.push({
            name: 'more',
            url: 'https://more',
            authMetadata: {},
          });
          return clusters;
        },
      };
    });
    const frozen = Object.freeze([
      { name: 'default', url: 'https://default', authMetadata: {} },
    ]) as ClusterDetails[];
    const used = await extensions.clusterSupplier({
      getClusters: async () => frozen,
    });
    const credentials = undefined as never;
    expect(await used.getClusters({ credentials })).toHaveLength(2);
    expect(await used.getClusters({ credentials })).toHaveLength(2);
  });

  it.each([
    ['addClusterSupplier', 'Multiple Kubernetes Cluster Suppliers'],
    ['addObjectsProvider', 'Multiple Kubernetes objects provider'],
    ['addFetcher', 'Multiple Kubernetes Fetchers'],
    ['addServiceLocator', 'Multiple Kubernetes Service Locators'],
    ['addRouter', 'Multiple Kubernetes routers'],
  ] as const)(
    'refuses a second %s as the stock plugin does',
    (method, message) => {
      const extensions = new ExtensionPoints();
      extensions[method](supplier('one'));
      expect(() => extensions[method](supplier('two'))).toThrow(message);
    },
  );

  it('warns of what it does not use', () => {
    const logger = mockServices.logger.mock();
    const extensions = new ExtensionPoints();
    extensions.addFetcher();
    extensions.addClusterSupplier(supplier('used'));
    extensions.warnOfUnserved(logger);
    expect(logger.warn.mock.calls).toEqual([
      [
        'A module adds Kubernetes Fetchers, which this version does not use yet',
      ],
    ]);
  });
});

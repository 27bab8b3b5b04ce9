import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  AuthenticationStrategy,
  KubernetesAuthStrategyExtensionPoint,
  KubernetesClustersSupplier,
  KubernetesClusterSupplierExtensionPoint,
  KubernetesClusterSupplierFactory,
  KubernetesFetcherExtensionPoint,
  KubernetesObjectsProviderExtensionPoint,
  KubernetesRouterExtensionPoint,
  KubernetesServiceLocatorExtensionPoint,
} from '@backstage/plugin-kubernetes-node';
import type { KubernetesAuthTranslatorExtensionPoint } from './auth/extensionPoint';
import { adaptStockStrategy } from './auth/stockStrategy';
import type { KubernetesAuthTranslator } from './auth/types';

/** What modules have added through the extension points. */
export interface Extensions {
  readonly translators: ReadonlyMap<string, KubernetesAuthTranslator>;
  /** The supplier of a module, or `byDefault`. */
  clusterSupplier(
    byDefault: KubernetesClustersSupplier,
  ): Promise<KubernetesClustersSupplier>;
  /** Tells the operator of what modules have added for surfaces that this version does not serve. */
  warnOfUnserved(logger: LoggerService): void;
}

/** The implementations of all extension points, the stock plugin's six and our own. */
export class ExtensionPoints
  implements
    Extensions,
    KubernetesAuthStrategyExtensionPoint,
    KubernetesAuthTranslatorExtensionPoint,
    KubernetesClusterSupplierExtensionPoint,
    KubernetesFetcherExtensionPoint,
    KubernetesObjectsProviderExtensionPoint,
    KubernetesRouterExtensionPoint,
    KubernetesServiceLocatorExtensionPoint
{
  readonly translators = new Map<string, KubernetesAuthTranslator>();
  #supplier?: KubernetesClustersSupplier | KubernetesClusterSupplierFactory;
  readonly #unserved = new Set<string>();

  addAuthTranslator(name: string, translator: KubernetesAuthTranslator): void {
    checkName(name);
    if (this.translators.has(name)) {
      throw new Error(`Auth translator '${name}' is added twice`);
    }
    this.translators.set(name, translator);
  }

  addAuthStrategy(key: string, strategy: AuthenticationStrategy): void {
    checkName(key);
    this.translators.set(key, adaptStockStrategy(key, strategy));
  }

  addClusterSupplier(
    supplier: KubernetesClustersSupplier | KubernetesClusterSupplierFactory,
  ): void {
    if (this.#supplier) {
      throw new Error(
        'Multiple Kubernetes Cluster Suppliers is not supported at this time',
      );
    }
    this.#supplier = supplier;
  }

  addObjectsProvider(): void {
    this.#addUnserved('objects provider');
  }

  addFetcher(): void {
    this.#addUnserved('Fetchers');
  }

  addServiceLocator(): void {
    this.#addUnserved('Service Locators');
  }

  addRouter(): void {
    this.#addUnserved('routers');
  }

  async clusterSupplier(
    byDefault: KubernetesClustersSupplier,
  ): Promise<KubernetesClustersSupplier> {
    return typeof this.#supplier === 'function'
      ? this.#supplier({ getDefault: async () => copying(byDefault) })
      : (this.#supplier ?? byDefault);
  }

  warnOfUnserved(logger: LoggerService): void {
    for (const what of this.#unserved) {
      logger.warn(
        `A module adds Kubernetes ${what}, which this version does not use yet`,
      );
    }
  }

  #addUnserved(what: string): void {
    if (this.#unserved.has(what)) {
      throw new Error(
        `Multiple Kubernetes ${what} is not supported at this time`,
      );
    }
    this.#unserved.add(what);
  }
}

/** Modules add to the list that they are given. */
function copying(
  supplier: KubernetesClustersSupplier,
): KubernetesClustersSupplier {
  return {
    getClusters: async options => [...(await supplier.getClusters(options))],
  };
}

/** Dashes separate the parts of the header that carries a provider's token. */
function checkName(name: string): void {
  if (name.includes('-')) {
    throw new Error('Strategy name can not include dashes');
  }
}

import type { AuthenticationStrategy } from '@backstage/plugin-kubernetes-node';
import type { KubernetesAuthTranslator } from './types';

/**
 * An `AuthenticationStrategy` of a module written for the stock plugin, as a translator.
 *
 * @param name - the strategy's key, which may have upper-case letters that no header name keeps
 */
export function adaptStockStrategy(
  name: string,
  strategy: AuthenticationStrategy,
): KubernetesAuthTranslator {
  return {
    validateCluster: authMetadata => strategy.validateCluster(authMetadata),
    presentAuthMetadata: authMetadata =>
      strategy.presentAuthMetadata(authMetadata),
    translate: async ({ cluster, requestAuth }) =>
      strategy.getCredential(cluster, {
        ...requestAuth,
        [name]: requestAuth[name.toLowerCase()],
      }),
  };
}

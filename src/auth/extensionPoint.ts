import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { KubernetesAuthTranslator } from './types';

/**
 * Adds auth providers. The built-in ones stay; adding one under a built-in name replaces that one alone, which is
 * logged.
 *
 * @public
 */
export interface KubernetesAuthTranslatorExtensionPoint {
  /**
   * @param name - the auth provider's name, as in a cluster's `authProvider`; without dashes, because the header
   *   `Backstage-Kubernetes-Authorization-<name>` uses them as separators
   * @throws Error when the name has a dash, or is added twice
   */
  addAuthTranslator(name: string, translator: KubernetesAuthTranslator): void;
}

/**
 * The extension point to add auth providers through.
 *
 * @public
 */
export const kubernetesAuthTranslatorExtensionPoint =
  createExtensionPoint<KubernetesAuthTranslatorExtensionPoint>({
    id: 'kubernetes.auth-translator',
  });

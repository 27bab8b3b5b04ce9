import type { KubernetesAuthTranslator } from './types';

/** No credential: `kubectl proxy` on the same machine adds its own. */
export const localKubectlProxyTranslator: KubernetesAuthTranslator = {
  async translate() {
    return { type: 'anonymous' };
  },
};

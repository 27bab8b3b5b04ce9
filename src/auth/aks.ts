import { userToken } from './userToken';
import type { KubernetesAuthTranslator } from './types';

/** The caller's own Microsoft Entra access token for AKS. */
export const aksTranslator: KubernetesAuthTranslator = {
  async translate({ requestAuth }) {
    return { type: 'bearer token', token: userToken(requestAuth, 'aks') };
  },
};

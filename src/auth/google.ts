import { userToken } from './userToken';
import type { KubernetesAuthTranslator } from './types';

/** The caller's own Google access token. */
export const googleTranslator: KubernetesAuthTranslator = {
  async translate({ requestAuth }) {
    return { type: 'bearer token', token: userToken(requestAuth, 'google') };
  },
};

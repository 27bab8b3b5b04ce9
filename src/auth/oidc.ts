import { ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER } from '@backstage/plugin-kubernetes-common';
import { userToken } from './userToken';
import type { KubernetesAuthTranslator } from './types';

/** The caller's own ID token of the OpenID Connect provider that the cluster names. */
export const oidcTranslator: KubernetesAuthTranslator = {
  validateCluster(authMetadata) {
    return authMetadata[ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER]
      ? []
      : [new Error(`Must specify a token provider for 'oidc' strategy`)];
  },

  async translate({ cluster, requestAuth }) {
    const provider =
      cluster.authMetadata[ANNOTATION_KUBERNETES_OIDC_TOKEN_PROVIDER];
    return {
      type: 'bearer token',
      token: userToken(requestAuth, 'oidc', provider),
    };
  },
};

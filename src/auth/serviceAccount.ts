import { AuthenticationError } from '@backstage/errors';
import type { RotatingFile } from '../config/rotatingFile';
import type { KubernetesAuthTranslator } from './types';

/** The service account of the pod that the portal runs in. */
export interface PodServiceAccount {
  /** The API server that the token is for. */
  readonly url: string;
  /** The mounted token, which Kubernetes rotates. */
  readonly token: RotatingFile;
}

/**
 * A service account: the token of the cluster's configuration, else the one of the portal's own pod, which goes to the
 * pod's own cluster alone.
 *
 * @param pod - undefined outside of a pod
 */
export function serviceAccountTranslator(
  pod: PodServiceAccount | undefined,
): KubernetesAuthTranslator {
  return {
    async translate({ cluster }) {
      const configured = cluster.authMetadata.serviceAccountToken;
      if (configured) {
        return { type: 'bearer token', token: configured };
      }
      if (cluster.url !== pod?.url) {
        throw new AuthenticationError(
          `Cluster '${cluster.name}' has no service account token configured, and the portal does not run inside Kubernetes`,
        );
      }
      return { type: 'bearer token', token: (await pod.token.read()).trim() };
    },
  };
}

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { KubernetesRequestAuth } from '@backstage/plugin-kubernetes-common';
import type {
  AuthMetadata,
  ClusterDetails,
  KubernetesCredential,
} from '@backstage/plugin-kubernetes-node';

/**
 * Who sent a request, as verified by the portal.
 *
 * @public
 */
export interface Caller {
  readonly credentials: BackstageCredentials;
}

/**
 * What a request presents to the cluster: a bearer token without its scheme, a client certificate and key in PEM, or
 * nothing.
 *
 * @public
 */
export type ClusterCredential = KubernetesCredential;

/**
 * Everything that a credential may be made of.
 *
 * @public
 */
export interface TranslateRequest {
  readonly cluster: ClusterDetails;
  /**
   * The caller's tokens by auth provider, from the `Backstage-Kubernetes-Authorization-*` headers. Keys are in lower
   * case, as HTTP header names carry none.
   */
  readonly requestAuth: KubernetesRequestAuth;
  readonly caller: Caller;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/**
 * Turns a portal's request into the identity that it has in a cluster. One object per auth provider name; a cluster
 * names its provider in `authMetadata['kubernetes.io/auth-provider']`.
 *
 * @public
 */
export interface KubernetesAuthTranslator {
  /** Start-up check of a cluster's auth settings. What it returns is shown together with the cluster's name. */
  validateCluster?(authMetadata: AuthMetadata): Error[];

  /** What `GET /clusters` shows the frontend as `auth`; never a secret. Nothing by default. */
  presentAuthMetadata?(authMetadata: AuthMetadata): AuthMetadata;

  /**
   * @throws AuthenticationError (401) when the caller sent no usable token; its message reaches the client. Any other
   *   error is answered as a 500 without its message.
   */
  translate(request: TranslateRequest): Promise<ClusterCredential>;
}

import { AuthenticationError } from '@backstage/errors';
import type { KubernetesRequestAuth } from '@backstage/plugin-kubernetes-common';
import { HEADER_KUBERNETES_AUTH } from '../request/gatewayHeaders';

/**
 * The token that the caller sent for an auth provider, or for one of its sub-providers. Names match in any case: a
 * header name has none, while configuration says `oidcTokenProvider: myOkta`.
 *
 * @throws AuthenticationError naming the header that is missing
 */
export function userToken(
  requestAuth: KubernetesRequestAuth,
  provider: string,
  subProvider?: string,
): string {
  const found = requestAuth[provider.toLowerCase()];
  const token =
    subProvider === undefined
      ? found
      : (found as Record<string, unknown> | undefined)?.[
          subProvider.toLowerCase()
        ];
  if (typeof token !== 'string' || token === '') {
    const suffix = [provider, subProvider].filter(Boolean).join('-');
    throw new AuthenticationError(
      `No token for the cluster: send it in the header '${HEADER_KUBERNETES_AUTH}-${suffix}'`,
    );
  }
  return token;
}

import { AuthenticationError } from '@backstage/errors';
import type { GatewayHeaders } from '../request/gatewayHeaders';
import type { AuthTranslators } from './translators';
import type { ClusterCredential, TranslateRequest } from './types';

/** A client certificate and its key, in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a request shows the cluster: an `Authorization` value, a client certificate, or nothing. Never both. */
export interface ClusterIdentity {
  readonly authorization?: string;
  readonly certificate?: ClientCertificate;
}

/**
 * The identity of a request. A caller's own `Backstage-Kubernetes-Authorization` goes verbatim and alone: no translator
 * is asked, and the connection presents no client certificate, because an API server believes that before any token.
 *
 * @throws AuthenticationError when a token could not be one header value
 */
export async function clusterIdentity(
  translators: Pick<AuthTranslators, 'for'>,
  { authorization }: GatewayHeaders,
  request: TranslateRequest,
): Promise<ClusterIdentity> {
  if (authorization !== undefined) {
    return { authorization };
  }
  const translator = translators.for(request.cluster);
  return present(await translator.translate(request));
}

function present(credential: ClusterCredential): ClusterIdentity {
  switch (credential.type) {
    case 'bearer token':
      return { authorization: `Bearer ${checkedToken(credential.token)}` };
    case 'x509 client certificate':
      return {
        certificate: { cert: credential.cert, key: credential.key },
      };
    case 'anonymous':
      return {};
    default:
      throw new Error(
        `Unknown credential type '${(credential as { type: string }).type}'`,
      );
  }
}

/** RFC 6750 §2.1 allows less; what matters is that a token cannot end its header or become two. */
function checkedToken(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new AuthenticationError(
      `The token for the cluster is malformed: it must be the bare token, without 'Bearer', spaces or line breaks`,
    );
  }
  return token;
}

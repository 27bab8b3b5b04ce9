import { readFileSync } from 'node:fs';
import type { JsonObject } from '@backstage/types';
import type { Kubeconfig, KubeconfigUser } from './kubeconfig';
import { StartError } from './options';

const tokenKeys = new Set(['token', 'tokenFile']);

/** A context as an entry of `clusters` in the plugin's configuration. */
export function clusterOfContext(
  { contexts, clusters, users }: Kubeconfig,
  name: string,
): JsonObject & { name: string } {
  const context = contexts.get(name);
  if (!context) {
    const known = [...contexts.keys()].map(key => `\n  ${key}`).join('');
    throw new StartError(
      `The kubeconfig has no context '${name}'. Its contexts are:${known}`,
    );
  }
  const refuse = (problem: string) =>
    new StartError(`Context '${name}' cannot be used: ${problem}`);

  const cluster = clusters.get(context.cluster);
  if (!cluster) {
    throw refuse(`the kubeconfig has no cluster '${context.cluster}'`);
  }
  for (const key of ['tls-server-name', 'proxy-url'] as const) {
    if (cluster[key]) {
      throw refuse(`its cluster has ${key}, which is not supported`);
    }
  }
  const user = users.get(context.user ?? '') ?? {};
  // Leaving one of these out would act as somebody else than kubectl does.
  const [unsupported] = Object.keys(user).filter(key => !tokenKeys.has(key));
  if (unsupported) {
    throw refuse(
      `its user has ${unsupported}, which is not supported; ` +
        'the user must have a bearer token (token or tokenFile) and no more',
    );
  }
  const serviceAccountToken = bearerToken(user);
  if (!serviceAccountToken) {
    throw refuse('its user has no bearer token (token or tokenFile)');
  }

  const caFile = cluster['certificate-authority'];
  const caData = cluster['certificate-authority-data'];
  return {
    name,
    url: cluster.server,
    authProvider: 'serviceAccount',
    serviceAccountToken,
    skipTLSVerify: cluster['insecure-skip-tls-verify'] ?? false,
    // As in kubectl, data wins over a file.
    ...(caData ? { caData } : caFile && { caFile }),
  };
}

/** As in kubectl, the file wins over the token. */
function bearerToken({ token, tokenFile }: KubeconfigUser) {
  if (!tokenFile) {
    return token;
  }
  try {
    return readFileSync(tokenFile, 'utf8').trim();
  } catch {
    throw new StartError(`The token file ${tokenFile} cannot be read`);
  }
}

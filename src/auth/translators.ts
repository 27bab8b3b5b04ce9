import type { LoggerService } from '@backstage/backend-plugin-api';
import { ANNOTATION_KUBERNETES_AUTH_PROVIDER } from '@backstage/plugin-kubernetes-common';
import type {
  AuthMetadata,
  ClusterDetails,
} from '@backstage/plugin-kubernetes-node';
import { aksTranslator } from './aks';
import { googleTranslator } from './google';
import { localKubectlProxyTranslator } from './localKubectlProxy';
import { oidcTranslator } from './oidc';
import { PodServiceAccount, serviceAccountTranslator } from './serviceAccount';
import type { KubernetesAuthTranslator } from './types';

/** The auth providers of this backend, found by name in any case. */
export interface AuthTranslators {
  /** @throws Error when no translator has the cluster's provider name */
  for(cluster: ClusterDetails): KubernetesAuthTranslator;
  /** What is wrong with a cluster's auth settings; empty when nothing is. */
  validate(authMetadata: AuthMetadata): Error[];
  /** What `GET /clusters` shows of a cluster's auth settings; undefined when nothing. */
  present(cluster: ClusterDetails): AuthMetadata | undefined;
}

export interface AuthTranslatorsOptions {
  readonly logger: LoggerService;
  /** The service account of the portal's own pod; undefined outside of one. */
  readonly pod?: PodServiceAccount;
  /** What modules have added, by name. */
  readonly added: ReadonlyMap<string, KubernetesAuthTranslator>;
}

export function createAuthTranslators({
  logger,
  pod,
  added,
}: AuthTranslatorsOptions): AuthTranslators {
  const builtIn: Array<[string, KubernetesAuthTranslator]> = [
    ['aks', aksTranslator],
    ['google', googleTranslator],
    ['localKubectlProxy', localKubectlProxyTranslator],
    ['oidc', oidcTranslator],
    ['serviceAccount', serviceAccountTranslator(pod)],
  ];
  const byName = new Map(
    builtIn.map(([name, translator]) => [name.toLowerCase(), translator]),
  );
  for (const [name, translator] of added) {
    if (byName.has(name.toLowerCase())) {
      logger.info(`A module replaces the built-in auth provider '${name}'`);
    }
    byName.set(name.toLowerCase(), translator);
  }
  const names = [...builtIn.map(([name]) => name), ...added.keys()];
  const find = (authMetadata: AuthMetadata) =>
    byName.get(
      (authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER] ?? '').toLowerCase(),
    );

  return {
    for(cluster) {
      const translator = find(cluster.authMetadata);
      if (!translator) {
        throw new Error(unknownProvider(cluster.authMetadata, names));
      }
      return translator;
    },
    validate(authMetadata) {
      const translator = find(authMetadata);
      return translator
        ? (translator.validateCluster?.(authMetadata) ?? [])
        : [new Error(unknownProvider(authMetadata, names))];
    },
    present(cluster) {
      const shown = find(cluster.authMetadata)?.presentAuthMetadata?.(
        cluster.authMetadata,
      );
      return shown && Object.keys(shown).length > 0 ? shown : undefined;
    },
  };
}

function unknownProvider(authMetadata: AuthMetadata, names: string[]): string {
  const provider = authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER];
  const choices = [...new Set(names)].sort().join(', ');
  return `authProvider "${provider}" is unknown; choose one of ${choices}`;
}

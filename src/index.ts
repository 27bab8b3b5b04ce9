/**
 * The Kubernetes gateway of a Backstage portal, in place of the stock Kubernetes backend plugin.
 *
 * @packageDocumentation
 */
export { kubernetesPlugin as default } from './plugin';
export {
  kubernetesAuthTranslatorExtensionPoint,
  type KubernetesAuthTranslatorExtensionPoint,
} from './auth/extensionPoint';
export type {
  Caller,
  ClusterCredential,
  KubernetesAuthTranslator,
  TranslateRequest,
} from './auth/types';

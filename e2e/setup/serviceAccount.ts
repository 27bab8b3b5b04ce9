import { kubectlOrFail } from '../kubectl';
import { stopAtTheEnd } from './stoppables';

export interface ServiceAccount {
  namespace: string;
  name: string;
  token: string;
}

/** What the portal may do, and only in namespaces that bind it: Secrets, for one, are not there. */
const RULES = [
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'events',
      'pods',
      'pods/log',
      'serviceaccounts',
      'serviceaccounts/token',
      'services',
      'services/proxy',
    ],
    verbs: ['*'],
  },
  {
    apiGroups: ['apps'],
    resources: ['deployments', 'deployments/scale', 'replicasets'],
    verbs: ['*'],
  },
];

/** The service account that the portal is at the cluster, with a token by TokenRequest. */
export async function createServiceAccount(
  run: string,
  kubectl: string,
  kubeconfig: string,
): Promise<ServiceAccount> {
  const namespace = run;
  const name = 'portal';
  const labels = { 'e2e-run': run };
  const admin = (args: string[], stdin?: string) =>
    kubectlOrFail(kubectl, { kubeconfig, args, stdin });

  stopAtTheEnd(async () => {
    await admin(
      `delete namespace,clusterrole --selector=e2e-run=${run} --wait=false`.split(
        ' ',
      ),
    );
  });
  await admin(
    ['create', '--filename=-'],
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: namespace, labels },
        },
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name, namespace },
        },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: run, labels },
          rules: RULES,
        },
      ],
    }),
  );
  const token = await admin([
    'create',
    'token',
    name,
    `--namespace=${namespace}`,
    '--duration=2h',
  ]);
  return { namespace, name, token: token.trim() };
}

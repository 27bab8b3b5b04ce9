import { randomBytes } from 'node:crypto';
import { directly, type Environment } from './environment';
import { eventually } from './eventually';
import { ask } from './http';
import { kubectlOrFail } from './kubectl';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

/** kubectl as the cluster's administrator: for preparing a test. */
export function asAdmin(
  environment: Environment,
  args: string[],
  stdin?: string,
): Promise<string> {
  return kubectlOrFail(environment.kubectl['the installed kubectl'], {
    kubeconfig: environment.cluster.kubeconfig,
    args,
    stdin,
  });
}

/**
 * New namespaces in which the portal's service account has its role, each with these objects.
 * All have names of the same length, so that tables in them are of the same width.
 */
export async function createNamespaces(
  environment: Environment,
  count: number,
  objects: Manifest[] = [],
): Promise<string[]> {
  const { run, serviceAccount } = environment;
  const namespaces = Array.from(
    { length: count },
    () => `${run}-${randomBytes(4).toString('hex')}`,
  );
  const items = namespaces.flatMap(namespace => [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'e2e-run': run } },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'portal', namespace },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: run,
      },
      subjects: [
        {
          kind: 'ServiceAccount',
          name: serviceAccount.name,
          namespace: serviceAccount.namespace,
        },
      ],
    },
    ...objects.map(object => ({
      ...object,
      metadata: { ...object.metadata, namespace },
    })),
  ]);
  await asAdmin(
    environment,
    ['create', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
  await Promise.all(
    namespaces.map(namespace => bindingInForce(environment, namespace)),
  );
  return namespaces;
}

export async function deleteNamespaces(
  environment: Environment,
  namespaces: string[],
): Promise<void> {
  await asAdmin(environment, [
    'delete',
    'namespace',
    '--wait=false',
    ...namespaces,
  ]);
}

/** RBAC follows its own watch of bindings, a moment behind their creation. */
async function bindingInForce(environment: Environment, namespace: string) {
  await eventually(`the role of the portal in ${namespace}`, async () => {
    const { status } = await ask(
      directly(environment),
      `/api/v1/namespaces/${namespace}/configmaps`,
    );
    return status === 200 ? true : undefined;
  });
}

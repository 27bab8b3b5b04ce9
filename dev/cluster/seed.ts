import { ObjectDraft, timestamp } from './kubeObject';
import {
  configMaps,
  deployments,
  namespaces,
  pods,
  replicaSets,
  ResourceType,
  services,
} from './resources';
import type { ObjectStore } from './store';
import {
  clusterIpService,
  ownedBy,
  readyReplicas,
  runningPod,
} from './workload';

const workloads = [
  {
    namespace: 'kube-system',
    name: 'coredns',
    image: 'registry.k8s.io/coredns/coredns:v1.11.3',
    port: 53,
    clusterIP: '10.96.0.10',
    templateHash: '668d6bf9bc',
    podSuffixes: ['7xkqd', 'lw2p9'],
  },
  {
    namespace: 'demo',
    name: 'shop-web',
    image: 'ghcr.io/example/shop-web:2.4.1',
    port: 8080,
    clusterIP: '10.96.0.21',
    templateHash: '5c9f7d8b64',
    podSuffixes: ['4jz8m', 'tq6vn'],
  },
  {
    namespace: 'demo',
    name: 'shop-api',
    image: 'ghcr.io/example/shop-api:1.18.0',
    port: 3000,
    clusterIP: '10.96.0.22',
    templateHash: '7b4d86c5f9',
    podSuffixes: ['c8hwr'],
  },
];

/** The Pod whose readiness comes and goes; see heartbeat.ts. */
export const canary = {
  resource: pods,
  namespace: 'demo',
  name: 'shop-canary',
};

const upForMs = 90 * 60 * 1000;

/** Fills an empty store with a cluster that has been up for a while. */
export function seed(store: ObjectStore, now: Date) {
  const since = timestamp(new Date(now.getTime() - upForMs));
  const add = (resource: ResourceType, { metadata, ...rest }: ObjectDraft) =>
    store.create(resource, {
      metadata: { creationTimestamp: since, ...metadata },
      ...rest,
    });
  let addresses = 1;
  const nextAddress = () => `10.244.0.${(addresses += 1)}`;

  for (const name of ['default', 'demo', 'kube-system']) {
    add(namespaces, {
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
  add(services, {
    metadata: { namespace: 'default', name: 'kubernetes' },
    ...clusterIpService('10.96.0.1', { name: 'https', port: 443 }),
  });
  add(configMaps, {
    metadata: { namespace: 'kube-system', name: 'coredns' },
    data: { Corefile: '.:53 {\n    errors\n    health\n    cache 30\n}\n' },
  });
  add(configMaps, {
    metadata: { namespace: 'demo', name: 'shop-settings' },
    data: { CURRENCY: 'EUR', LOG_LEVEL: 'info' },
  });

  for (const { namespace, name, podSuffixes, ...workload } of workloads) {
    const container = { ...workload, name };
    const { port, clusterIP, templateHash } = workload;
    const replicas = podSuffixes.length;
    const labels = { app: name };
    const podLabels = { ...labels, 'pod-template-hash': templateHash };
    const revision = {
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      generation: 1,
    };
    add(services, {
      metadata: { namespace, name, labels },
      ...clusterIpService(clusterIP, { port, targetPort: port }, labels),
    });
    const { spec, status } = readyReplicas(container, labels, replicas);
    const deployment = add(deployments, {
      metadata: { namespace, name, labels, ...revision },
      spec,
      status: { ...status, updatedReplicas: replicas },
    });
    const replicaSet = add(replicaSets, {
      metadata: {
        namespace,
        name: `${name}-${templateHash}`,
        labels: podLabels,
        ...revision,
        ...ownedBy(deployment),
      },
      ...readyReplicas(container, podLabels, replicas),
    });
    for (const suffix of podSuffixes) {
      add(pods, {
        metadata: {
          namespace,
          name: `${replicaSet.metadata.name}-${suffix}`,
          labels: podLabels,
          ...ownedBy(replicaSet),
        },
        ...runningPod(container, nextAddress(), since),
      });
    }
  }

  const { namespace, name } = canary;
  const container = {
    name,
    image: 'ghcr.io/example/shop-web:2.5.0',
    port: 8080,
  };
  add(pods, {
    metadata: { namespace, name, labels: { app: name } },
    ...runningPod(container, nextAddress(), since),
  });
}

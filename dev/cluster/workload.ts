import type { JsonObject } from '@backstage/types';
import type { KubeObject } from './kubeObject';

/** One container, which is all that a demo Pod has. */
export interface Container {
  name: string;
  image: string;
  port: number;
}

/** Spec and status of a Pod that has been up since `since`. */
export function runningPod(container: Container, podIP: string, since: string) {
  const conditionTypes = [
    'PodScheduled',
    'Initialized',
    'ContainersReady',
    'Ready',
  ];
  return {
    spec: {
      ...podTemplateSpec(container),
      nodeName: 'demo-node',
      serviceAccountName: 'default',
    },
    status: {
      phase: 'Running',
      startTime: since,
      hostIP: '10.0.0.4',
      podIP,
      podIPs: [{ ip: podIP }],
      qosClass: 'BestEffort',
      conditions: conditionTypes.map(type => ({
        type,
        status: 'True',
        lastTransitionTime: since,
      })),
      containerStatuses: [
        {
          name: container.name,
          image: container.image,
          imageID: '',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: since } },
        },
      ],
    },
  };
}

/** Spec and status that a Deployment and its ReplicaSet have in common. */
export function readyReplicas(
  container: Container,
  labels: { [key in string]: string },
  replicas: number,
) {
  return {
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podTemplateSpec(container) },
    },
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    },
  };
}

function podTemplateSpec({ name, image, port }: Container) {
  return {
    containers: [
      { name, image, ports: [{ containerPort: port, protocol: 'TCP' }] },
    ],
    restartPolicy: 'Always',
  };
}

export function clusterIpService(
  clusterIP: string,
  port: JsonObject,
  selector?: JsonObject,
) {
  return {
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ports: [{ protocol: 'TCP', ...port }],
      ...(selector && { selector }),
    },
    status: { loadBalancer: {} },
  };
}

export function ownedBy({ apiVersion, kind, metadata }: KubeObject) {
  const { name, uid } = metadata;
  return {
    ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
  };
}

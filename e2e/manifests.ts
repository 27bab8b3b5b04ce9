import type { Manifest } from './namespaces';

// The suite's own cluster ignores images; any other one needs them.
const BUSYBOX = 'busybox:1.37';
/** Answers any request with what it received. */
const ECHO = 'registry.k8s.io/echoserver:1.10';
const ECHO_PORT = 8080;

export function configMap(
  name: string,
  data: Record<string, string> = { colour: 'blue' },
): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** A pod that runs a shell script. */
export function scriptPod(name: string, script: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        { name: 'main', image: BUSYBOX, command: ['sh', '-c', script] },
      ],
    },
  };
}

export function deployment(name: string, replicas = 1): Manifest {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            { name: 'main', image: BUSYBOX, command: ['sleep', '3600'] },
          ],
        },
      },
    },
  };
}

/** A web server that tells what it received, and the Service in front of it. */
export function echoService(name: string): Manifest[] {
  const labels = { app: name };
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'echo',
            image: ECHO,
            ports: [{ containerPort: ECHO_PORT }],
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: ECHO_PORT }] },
    },
  ];
}

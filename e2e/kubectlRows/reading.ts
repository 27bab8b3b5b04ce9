import { configMap, deployment, scriptPod } from '../manifests';
import { AVAILABLE, type Row } from './row';

export const reading: Row[] = [
  {
    name: 'get, a table',
    given: [deployment('web', 2)],
    until: AVAILABLE,
    commands: [{ line: 'get deployments,pods' }],
    says: 'deployment.apps/web 2/2',
  },
  {
    name: 'get --output=wide',
    given: [configMap('app')],
    commands: [{ line: 'get configmap app --output=wide' }],
    says: 'app 1',
  },
  {
    name: 'get --output=yaml',
    given: [configMap('app')],
    commands: [{ line: 'get configmap app --output=yaml' }],
    says: 'colour: blue',
  },
  {
    name: 'get by label, and nothing is there',
    commands: [{ line: 'get pods --selector=app=none' }],
    says: 'No resources found',
  },
  {
    name: 'get of a missing object',
    commands: [{ line: 'get configmap none', exitCode: 1 }],
    says: '(NotFound)',
  },
  {
    name: 'get of an unknown type',
    commands: [{ line: 'get nonsense', exitCode: 1 }],
    says: `doesn't have a resource type "nonsense"`,
  },
  {
    name: 'get in a forbidden namespace',
    commands: [{ line: 'get pods --namespace=kube-system', exitCode: 1 }],
    says: '(Forbidden)',
  },
  {
    name: 'get of a forbidden type',
    commands: [{ line: 'get secrets', exitCode: 1 }],
    says: 'cannot list resource "secrets"',
  },
  {
    name: 'describe',
    given: [configMap('app')],
    commands: [{ line: 'describe configmap app' }],
    says: 'colour:',
  },
  {
    name: 'explain',
    commands: [{ line: 'explain deployment.spec.strategy' }],
    says: 'rollingUpdate',
  },
  {
    name: 'explain of an unknown field',
    commands: [{ line: 'explain pod.spec.nonsense', exitCode: 1 }],
    says: 'field "nonsense" does not exist',
  },
  {
    name: 'api-resources',
    commands: [{ line: 'api-resources' }],
    says: 'deployments',
  },
  {
    name: 'version',
    commands: [{ line: 'version --output=json' }],
    says: 'serverVersion',
  },
  {
    name: 'auth can-i',
    commands: [{ line: 'auth can-i delete pods' }],
    says: 'yes',
  },
  {
    name: 'auth can-i, and cannot',
    commands: [{ line: 'auth can-i get secrets', exitCode: 1 }],
    says: 'no',
  },
  {
    name: 'auth whoami',
    commands: [{ line: 'auth whoami' }],
    says: 'system:serviceaccount:',
  },
  {
    name: 'logs, followed to the end',
    given: [scriptPod('job', 'echo begun; sleep 1; echo done')],
    until: '--for=jsonpath={.status.phase}=Succeeded pod/job',
    commands: [{ line: 'logs job --follow' }],
    says: 'begun\ndone',
  },
];

import { configMap, deployment, scriptPod } from '../manifests';
import { AVAILABLE, type Row } from './row';

export const following: Row[] = [
  {
    name: 'wait, until it is so',
    given: [scriptPod('job', 'sleep 2')],
    commands: [
      {
        line: 'wait --for=jsonpath={.status.phase}=Succeeded pod/job --timeout=40s',
      },
    ],
    says: 'pod/job condition met',
  },
  {
    name: 'wait, in vain',
    given: [configMap('app')],
    commands: [
      {
        line: 'wait --for=jsonpath={.data.colour}=red configmap/app --timeout=1s',
        exitCode: 1,
      },
    ],
    says: 'timed out waiting for the condition',
  },
  {
    name: 'wait for a deletion',
    given: [scriptPod('job', 'sleep 3600')],
    commands: [
      { line: 'delete pod job --wait=false' },
      { line: 'wait --for=delete pod/job --timeout=40s' },
      { line: 'get pods' },
    ],
    says: 'No resources found',
  },
  {
    name: 'rollout status',
    given: [deployment('web')],
    commands: [{ line: 'rollout status deployment/web --timeout=40s' }],
    says: 'successfully rolled out',
  },
  {
    name: 'rollout restart, status and history',
    given: [deployment('web')],
    until: AVAILABLE,
    commands: [
      { line: 'rollout restart deployment/web' },
      { line: 'rollout status deployment/web --timeout=40s' },
      { line: 'rollout history deployment/web' },
    ],
    says: 'deployment.apps/web',
  },
  {
    name: 'scale',
    given: [deployment('web')],
    until: AVAILABLE,
    commands: [
      { line: 'scale deployment/web --replicas=2' },
      { line: 'rollout status deployment/web --timeout=40s' },
      { line: 'get deployment web --output=jsonpath={.status.readyReplicas}' },
    ],
    says: '2',
  },
  {
    name: 'delete, until it is gone',
    given: [deployment('web')],
    until: AVAILABLE,
    commands: [
      { line: 'delete deployment web --cascade=foreground --timeout=40s' },
      { line: 'get deployments,replicasets,pods' },
    ],
    says: 'No resources found',
  },
  {
    name: 'delete --cascade=orphan',
    given: [deployment('web')],
    until: AVAILABLE,
    commands: [
      { line: 'delete deployment web --cascade=orphan --timeout=40s' },
      { line: 'get replicasets --output=name' },
    ],
    says: 'replicaset.apps/web-',
  },
  {
    name: 'delete --grace-period=0 --force',
    given: [scriptPod('job', 'sleep 3600')],
    until: '--for=condition=Ready pod/job',
    commands: [{ line: 'delete pod job --grace-period=0 --force' }],
    says: 'pod "job" force deleted',
  },
  {
    name: 'delete of a missing object',
    commands: [{ line: 'delete configmap none', exitCode: 1 }],
    says: '(NotFound)',
  },
  {
    name: 'delete --all',
    given: [scriptPod('one', 'sleep 3600'), scriptPod('two', 'sleep 3600')],
    commands: [
      { line: 'delete pods --all --timeout=40s' },
      { line: 'get pods' },
    ],
    says: 'No resources found',
  },
];

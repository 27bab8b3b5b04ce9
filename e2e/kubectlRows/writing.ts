import { configMap } from '../manifests';
import type { Manifest } from '../namespaces';
import type { Row } from './row';

const asStdin = (manifest: Manifest) => JSON.stringify(manifest);
const blue = asStdin(configMap('app', { colour: 'blue' }));
const red = asStdin(configMap('app', { colour: 'red' }));

export const writing: Row[] = [
  {
    name: 'apply, of a new object',
    commands: [
      { line: 'apply --filename=-', stdin: blue },
      { line: 'get configmap app --output=yaml' },
    ],
    says: 'last-applied-configuration',
  },
  {
    name: 'apply, changed and unchanged',
    commands: [
      { line: 'apply --filename=-', stdin: blue },
      { line: 'apply --filename=-', stdin: red },
      { line: 'apply --filename=-', stdin: red },
    ],
    says: 'configmap/app unchanged',
  },
  {
    name: 'apply of what the schema refuses',
    commands: [
      {
        line: 'apply --filename=-',
        stdin: asStdin({ ...configMap('app'), nonsense: true }),
        exitCode: 1,
      },
    ],
    says: 'unknown field "nonsense"',
  },
  {
    name: 'apply in a forbidden namespace',
    commands: [
      {
        line: 'apply --namespace=kube-system --filename=-',
        stdin: blue,
        exitCode: 1,
      },
    ],
    says: 'Forbidden',
  },
  {
    name: 'apply --dry-run=server',
    commands: [
      { line: 'apply --dry-run=server --filename=-', stdin: blue },
      { line: 'get configmap app', exitCode: 1 },
    ],
    says: '(NotFound)',
  },
  {
    name: 'apply --server-side',
    commands: [
      { line: 'apply --server-side --filename=-', stdin: blue },
      { line: 'get configmap app --output=yaml --show-managed-fields' },
    ],
    says: 'manager: kubectl',
  },
  {
    name: 'apply --server-side against another manager',
    commands: [
      {
        line: 'apply --server-side --field-manager=other --filename=-',
        stdin: blue,
      },
      { line: 'apply --server-side --filename=-', stdin: red, exitCode: 1 },
    ],
    says: 'conflict with "other"',
  },
  {
    name: 'create of what is there',
    given: [configMap('app')],
    commands: [{ line: 'create --filename=-', stdin: blue, exitCode: 1 }],
    says: 'AlreadyExists',
  },
  {
    name: 'replace',
    given: [configMap('app')],
    commands: [
      { line: 'replace --filename=-', stdin: red },
      { line: 'get configmap app --output=jsonpath={.data}' },
    ],
    says: '{"colour":"red"}',
  },
  {
    name: 'patch, label and annotate',
    given: [configMap('app')],
    commands: [
      { line: 'patch configmap app --patch={"data":{"colour":"red"}}' },
      { line: 'label configmap app team=a' },
      { line: 'annotate configmap app note=b' },
      { line: 'get configmap app --output=yaml' },
    ],
    says: 'team: a',
  },
  {
    name: 'diff, with a difference',
    given: [configMap('app')],
    commands: [{ line: 'diff --filename=-', stdin: red, exitCode: 1 }],
    says: '+ colour: red',
  },
  {
    name: 'diff --server-side, without one',
    commands: [
      { line: 'apply --server-side --filename=-', stdin: blue },
      { line: 'diff --server-side --filename=-', stdin: blue },
    ],
    says: '',
  },
  {
    name: 'create token',
    until: '--for=create serviceaccount/default',
    commands: [{ line: 'create token default --duration=10m' }],
    says: '<token>',
  },
  {
    name: 'create token for nobody',
    commands: [{ line: 'create token none', exitCode: 1 }],
    says: '"none" not found',
  },
];

import type { KubectlResult } from './kubectl';

/**
 * What differs between two runs of one command on one cluster, whoever carries it: in order, each by the word that
 * takes its place. Two runs that then still differ were answered differently.
 */
const VARYING: Array<[RegExp, string]> = [
  // A token first: its base64 may hold anything that follows here.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uid>'],
  [/(resourceVersion: |"resourceVersion": ?)"\d+"/g, '$1<version>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d{4}|Z)?/g, '<time>'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  // Files of `kubectl diff`.
  [/\/tmp\/(LIVE|MERGED)-\d+\//g, '/tmp/$1/'],
  // ReplicaSets are named for their template's hash, pods by chance.
  [/\b(web-)[0-9a-f]{7,10}(-[a-z0-9]{5})?\b/g, '$1<hash>'],
  [/(pod-template-hash[=:] ?)[0-9a-f"]+/g, '$1<hash>'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, '<address>'],
  // Ages, alone in their column or in brackets: `12s`, `3m5s`, `<invalid>` where a clock was read a moment too early.
  [/(?<=[\s(])(\d+[smhd])+(?=[\s)]|$)|<invalid>/gm, '<age>'],
  // How far a rollout is when it is first looked at.
  [/^Waiting for deployment .* to finish: .*\n/gm, ''],
  // Columns are as wide as what was in them.
  [/ {2,}/g, ' '],
];

export function normalise(
  { exitCode, stdout, stderr }: KubectlResult,
  namespace: string,
): KubectlResult {
  return {
    exitCode,
    stdout: normaliseText(stdout, namespace),
    stderr: normaliseText(stderr, namespace),
  };
}

function normaliseText(output: string, namespace: string): string {
  return VARYING.reduce(
    (text, [pattern, word]) => text.replace(pattern, word),
    output.replaceAll(namespace, '<namespace>'),
  );
}

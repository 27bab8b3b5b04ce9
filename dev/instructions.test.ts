import { execFileSync } from 'node:child_process';
import { instructions } from './instructions';

/** What bash makes of a line: the arguments that curl is run with. */
function curlArguments(line: string) {
  const script = `curl() { printf '%s\\n' "$@"; }; TOKEN=t; ${line}`;
  const output = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

describe('instructions', () => {
  it('takes the token out of the answer of guest sign-in', () => {
    const answer = JSON.stringify({
      profile: {},
      backstageIdentity: { token: 'aaa.bbb.ccc', identity: { type: 'user' } },
    });
    const [getToken] = instructions('demo');
    const script = `curl() { echo '${answer}'; }; ${getToken}; echo "$TOKEN"`;
    const output = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(output.trim()).toBe('aaa.bbb.ccc');
  });

  it.each(['demo', "it's $HOME", 'arn:aws:eks:eu-west-1:1:cluster/a'])(
    'lists namespaces and watches pods of cluster %j',
    cluster => {
      const [, list, watch] = instructions(cluster);
      const headers = [
        '-H',
        'Authorization: Bearer t',
        '-H',
        `Backstage-Kubernetes-Cluster: ${cluster}`,
      ];
      const proxy = 'http://127.0.0.1:7007/api/kubernetes/proxy/api/v1';
      expect(curlArguments(list)).toEqual([
        '-s',
        ...headers,
        `${proxy}/namespaces`,
      ]);
      expect(curlArguments(watch)).toEqual([
        '-sN',
        ...headers,
        `${proxy}/pods?watch=true`,
      ]);
    },
  );
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  directly,
  readEnvironment,
  throughPortalPath,
  type Target,
} from './environment';
import { kubeconfigFor } from './kubeconfig';
import { runKubectl } from './kubectl';
import { following } from './kubectlRows/following';
import { reading } from './kubectlRows/reading';
import type { Row } from './kubectlRows/row';
import { writing } from './kubectlRows/writing';
import { asAdmin, createNamespaces, deleteNamespaces } from './namespaces';
import { normalise } from './normalise';

const environment = readEnvironment();

/**
 * Each row's commands are run twice, at once, in two namespaces that begin alike: once directly at the cluster with the
 * service account's token, once through the portal with the portal's own.
 */
describe.each(Object.entries(environment.kubectl))('%s', (label, kubectl) => {
  const routes = {
    directly: route('directly', directly(environment)),
    'through the portal': route('portal', throughPortalPath(environment)),
  };

  function route(name: string, target: Target) {
    const folder = join(environment.dir, `${name}-${label.replace(/\W/g, '')}`);
    const kubeconfig = `${folder}.kubeconfig`;
    writeFileSync(kubeconfig, kubeconfigFor(target), { mode: 0o600 });
    return { kubeconfig, cacheDir: `${folder}.cache` };
  }

  async function outcome(
    { commands }: Row,
    access: { kubeconfig: string; cacheDir: string },
    namespace: string,
  ) {
    const results = [];
    for (const { line, stdin } of commands) {
      const result = await runKubectl(kubectl, {
        ...access,
        args: [`--namespace=${namespace}`, ...line.split(' ')],
        stdin,
      });
      results.push({ line, ...normalise(result, namespace) });
    }
    return results;
  }

  it.each([...reading, ...writing, ...following])(
    '$name: the same output and exit code',
    async row => {
      const namespaces = await createNamespaces(environment, 2, row.given);
      for (const namespace of row.until ? namespaces : []) {
        await asAdmin(environment, [
          `--namespace=${namespace}`,
          ...`wait --timeout=60s ${row.until}`.split(' '),
        ]);
      }

      const [expected, seen] = await Promise.all([
        outcome(row, routes.directly, namespaces[0]),
        outcome(row, routes['through the portal'], namespaces[1]),
      ]);

      expect(seen).toEqual(expected);
      // That both did what the row is about, and not fail alike.
      expect(expected.map(({ exitCode }) => exitCode)).toEqual(
        row.commands.map(({ exitCode = 0 }) => exitCode),
      );
      const { stdout, stderr } = seen[seen.length - 1];
      expect(stdout + stderr).toContain(row.says);
      await deleteNamespaces(environment, namespaces);
    },
  );
});

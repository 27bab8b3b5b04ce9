import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface KubectlRun {
  kubeconfig: string;
  args: string[];
  stdin?: string;
  /** Where discovery is cached: beside the machine's own cache, not in it. */
  cacheDir?: string;
}

export interface KubectlResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

const TIMEOUT_MS = 50_000;

/** Runs kubectl to its end, whatever its exit code. */
export async function runKubectl(
  path: string,
  { kubeconfig, args, stdin = '', cacheDir }: KubectlRun,
): Promise<KubectlResult> {
  const child = spawn(path, args, {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      KUBECONFIG: kubeconfig,
      ...(cacheDir && { KUBECACHEDIR: cacheDir }),
    },
    timeout: TIMEOUT_MS,
  });
  // A kubectl that needs no input may be gone before it is written.
  child.stdin.on('error', () => {}).end(stdin);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}

/** Runs kubectl as a step of a test's preparation: a failure is an error. */
export async function kubectlOrFail(
  path: string,
  run: KubectlRun,
): Promise<string> {
  const { exitCode, stdout, stderr } = await runKubectl(path, run);
  if (exitCode !== 0) {
    throw new Error(
      `${path} ${run.args.join(' ')}: exit code ${exitCode}\n${stderr}${stdout}`,
    );
  }
  return stdout;
}

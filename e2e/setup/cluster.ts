import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { kubectlOrFail } from '../kubectl';
import { stopProcessAtTheEnd } from './stopProcess';

const TESTCLUSTER = resolve(__dirname, '../../../shared/testcluster');
const START_MS = 120_000;

export interface Cluster {
  kubeconfig: string;
  url: string;
  ca: string;
  auditLog?: string;
  /** A kubectl of the cluster's own version, where the cluster brings one. */
  ownKubectl?: string;
}

/** The cluster that KUBECONFIG names, else a cluster of the suite's own. */
export async function provideCluster(
  dir: string,
  kubectl: string,
): Promise<Cluster> {
  const given = process.env.KUBECONFIG;
  const started = given ? { kubeconfig: given } : await startTestcluster(dir);
  const stdout = await kubectlOrFail(kubectl, {
    kubeconfig: started.kubeconfig,
    args: 'config view --minify --flatten --raw --output=json'.split(' '),
  });
  const { server, 'certificate-authority-data': caData } =
    JSON.parse(stdout).clusters[0].cluster;
  if (!caData) {
    throw new Error(`${started.kubeconfig} names no CA for ${server}`);
  }
  return {
    ...started,
    url: server.replace(/\/$/, ''),
    ca: Buffer.from(caData, 'base64').toString(),
  };
}

async function startTestcluster(dir: string) {
  const start = executable(join(TESTCLUSTER, 'start'));
  const clusterDir = join(dir, 'cluster');
  const child = spawn(start, [clusterDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stopProcessAtTheEnd(child);
  const impatience = setTimeout(() => child.kill('SIGTERM'), START_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) {
      clearTimeout(impatience);
      // Nobody reads on: a full pipe must not hold the cluster up.
      child.stdout.resume();
      return {
        kubeconfig: join(clusterDir, 'kubeconfig'),
        auditLog: join(clusterDir, 'audit.log'),
        ownKubectl: ownKubectl(dir),
      };
    }
  }
  clearTimeout(impatience);
  throw new Error(
    `${start} ended, or took ${START_MS} ms, without being ready`,
  );
}

/** The test cluster's binary is a kubectl where it is called by that name. */
function ownKubectl(dir: string): string {
  const binary = execFileSync(executable(join(TESTCLUSTER, 'unpack')), {
    encoding: 'utf8',
  });
  const link = join(dir, 'kubectl');
  symlinkSync(binary.trim(), link);
  return link;
}

function executable(path: string): string {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(
      `${path} is missing: put the test cluster there, or name a cluster by KUBECONFIG`,
    );
  }
  return path;
}

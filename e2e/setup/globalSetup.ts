import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENT_FILE, type Environment } from '../environment';
import { provideCluster } from './cluster';
import { startPortal } from './portal';
import { createServiceAccount } from './serviceAccount';
import { stopAll, stopAllOnSignals, stopAtTheEnd } from './stoppables';

export default async function globalSetup(): Promise<void> {
  stopAllOnSignals();
  try {
    const environment = await start();
    const file = join(environment.dir, 'environment.json');
    writeFileSync(file, JSON.stringify(environment), { mode: 0o600 });
    process.env[ENVIRONMENT_FILE] = file;
  } catch (error) {
    // Jest runs no teardown after a setup that failed.
    await stopAll();
    throw error;
  }
}

async function start(): Promise<Environment> {
  const installed = findKubectl();
  const dir = mkdtempSync(join(tmpdir(), 'e2e-'));
  stopAtTheEnd(async () => rmSync(dir, { recursive: true, force: true }));
  // Names of namespaces come from it: lower case, and no longer than needed.
  const run = `e2e-${Date.now().toString(36)}`;

  const { ownKubectl, ...provided } = await provideCluster(dir, installed);
  const cluster = { name: 'real', ...provided };
  const serviceAccount = await createServiceAccount(
    run,
    installed,
    cluster.kubeconfig,
  );
  const portal = await startPortal(dir, { cluster, serviceAccount });
  return {
    run,
    dir,
    cluster,
    serviceAccount,
    portal,
    kubectl: {
      'the installed kubectl': installed,
      ...(ownKubectl && { "the cluster's own kubectl": ownKubectl }),
    },
  };
}

function findKubectl(): string {
  try {
    return execFileSync('which', ['kubectl'], { encoding: 'utf8' }).trim();
  } catch {
    throw new Error('kubectl is missing: this suite needs it on the PATH');
  }
}

import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { JsonObject } from '@backstage/types';
import { startDemoCluster } from './cluster/demoCluster';
import { instructions } from './instructions';
import { loadKubeconfig } from './kubeconfig';
import { clusterOfContext } from './kubeContext';
import { readOptions, StartError, usage } from './options';
import { createPortal } from './portal';
import { portalConfig, portalUrl } from './portalConfig';
import { stopOnSignals } from './shutdown';

interface Target {
  cluster: JsonObject & { name: string };
  stop(): Promise<void>;
}

async function main(args: string[]) {
  const { help, context } = readOptions(args);
  if (help) {
    console.log(usage);
    return;
  }
  const { cluster, stop } = context
    ? kubeContext(context)
    : await demoCluster();
  const portal = createPortal(portalConfig(cluster));
  const started = portal.start();
  stopOnSignals(async () => {
    // First, so that watches through the portal come to their proper end.
    await stop();
    await portal.stop();
  });
  await started;

  const what = context ? `context '${context}'` : 'an embedded demo cluster';
  console.log(
    [
      `\nBackstage is on ${portalUrl}, in front of ${what}.`,
      'In another terminal, get a token, list namespaces and watch pods:\n',
      ...instructions(cluster.name).map(line => `${line}\n`),
      'Ctrl-C stops it.\n',
    ].join('\n'),
  );
}

function kubeContext(context: string): Target {
  const paths = process.env.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [];
  const kubeconfig = loadKubeconfig(
    paths.length > 0 ? paths : [join(homedir(), '.kube', 'config')],
  );
  return {
    cluster: clusterOfContext(kubeconfig, context),
    stop: async () => {},
  };
}

async function demoCluster(): Promise<Target> {
  const { url, caData, token, stop } = await startDemoCluster();
  const cluster = {
    name: 'demo',
    url,
    authProvider: 'serviceAccount',
    serviceAccountToken: token,
    caData,
  };
  return { cluster, stop };
}

function explain(error: unknown) {
  if (error instanceof StartError) {
    return error.message;
  }
  if (
    error instanceof Error &&
    'code' in error &&
    error.code === 'EADDRINUSE'
  ) {
    return `${portalUrl} is in use by another process; stop that one first`;
  }
  return error;
}

main(process.argv.slice(2)).catch(error => {
  console.error('Cannot start:', explain(error));
  process.exit(1);
});

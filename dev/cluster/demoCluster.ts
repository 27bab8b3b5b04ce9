import { randomBytes } from 'node:crypto';
import { createServerCertificate } from './certificate';
import { startHeartbeat } from './heartbeat';
import { startNamespaceController } from './namespaceController';
import { seed } from './seed';
import { startApiServer } from './server';
import { ObjectStore } from './store';

export interface DemoCluster {
  url: string;
  /** The PEM of the server's authority in base64, as in a kubeconfig. */
  caData: string;
  /** Lets in; new with each start, and kept nowhere. */
  token: string;
  stop(): Promise<void>;
}

/** A Kubernetes API with something in it, on a free port of 127.0.0.1. */
export async function startDemoCluster(
  now: () => Date = () => new Date(),
): Promise<DemoCluster> {
  const token = randomBytes(32).toString('base64url');
  const store = new ObjectStore({ now });
  seed(store, now());
  const { key, cert } = await createServerCertificate();
  const server = await startApiServer({ store, token, key, cert, now });
  const stopControllers = [
    startHeartbeat(store, now),
    startNamespaceController(store),
  ];

  return {
    url: server.url,
    caData: Buffer.from(cert).toString('base64'),
    token,
    async stop() {
      stopControllers.forEach(stop => stop());
      await server.stop();
    },
  };
}

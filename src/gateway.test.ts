import { mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  BackendFeature,
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { inClusterConnection } from './clusters/inCluster';
import { ExtensionPoints } from './extensions';
import { createGateway } from './gateway';
import { ApiServer, startApiServer } from './testing/apiServer';
import { Authority, createAuthority } from './testing/certificates';
import { configOf } from './testing/gateway';
import { Portal, startPortal } from './testing/portal';

/** The plugin as it is in a pod whose service account is mounted at `directory`. */
function pluginInPod(port: number, directory: string): BackendFeature {
  return createBackendPlugin({
    pluginId: 'kubernetes',
    register(env) {
      env.registerInit({
        deps: {
          auditor: coreServices.auditor,
          auth: coreServices.auth,
          config: coreServices.rootConfig,
          discovery: coreServices.discovery,
          http: coreServices.httpRouter,
          httpAuth: coreServices.httpAuth,
          logger: coreServices.logger,
          permissions: coreServices.permissions,
        },
        async init(services) {
          const gateway = await createGateway(
            services,
            new ExtensionPoints(),
            inClusterConnection(
              {
                KUBERNETES_SERVICE_HOST: '127.0.0.1',
                KUBERNETES_SERVICE_PORT: `${port}`,
              },
              directory,
            ),
          );
          services.http.use(gateway.router);
        },
      });
    },
  });
}

describe('a portal that runs in a pod', () => {
  let directory: string;
  let authority: Authority;
  let cluster: ApiServer;
  let portal: Portal;
  const now = jest.spyOn(performance, 'now');

  beforeAll(async () => {
    now.mockReturnValue(0);
    directory = await mkdtemp(join(tmpdir(), 'service-account-'));
    authority = await createAuthority();
    await writeFile(join(directory, 'ca.crt'), authority.cert);
    await writeFile(join(directory, 'token'), 'first\n');
    cluster = await startApiServer({ authority });
    const account = { authProvider: 'serviceAccount' };
    portal = await startPortal({
      plugin: pluginInPod(cluster.port, directory),
      kubernetes: configOf([
        { name: 'own', url: 'https://elsewhere.invalid', ...account },
        {
          name: 'other',
          url: cluster.url,
          caData: authority.caData,
          ...account,
          serviceAccountToken: 'configured',
        },
      ]),
    });
  });
  afterAll(async () => {
    now.mockRestore();
    await portal.stop();
    await cluster.close();
    await rm(directory, { recursive: true });
  });

  async function authorizationAt(name: string): Promise<string | undefined> {
    const arrived = cluster.nextRequest();
    const response = await portal.fetch(`/clusters/${name}/proxy/api`);
    expect(response.status).toBe(200);
    return (await arrived).headers.authorization;
  }

  it('reaches its own API server with the mounted CA and token', async () => {
    expect(await authorizationAt('own')).toBe('Bearer first');
  });

  it('sends a cluster with a token of its own that one', async () => {
    expect(await authorizationAt('other')).toBe('Bearer configured');
  });

  it('uses the token that Kubernetes has rotated', async () => {
    await writeFile(join(directory, 'token'), 'second\n');
    now.mockReturnValue(60_000);
    expect(await authorizationAt('own')).toBe('Bearer second');
  });
});

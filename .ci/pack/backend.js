/** A backend as an adopter of the package has it, for one request. */
const { once } = require('node:events');
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { createBackend } = require('@backstage/backend-defaults');
const { startCluster } = require('./cluster');
const oneRequest = require('./oneRequest');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function main() {
  const cluster = await startCluster();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  writeFileSync(
    'app-config.yaml',
    JSON.stringify({
      app: { baseUrl },
      auth: {
        providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
      },
      backend: {
        baseUrl,
        database: { client: 'better-sqlite3', connection: ':memory:' },
        listen: { host: '127.0.0.1', port },
      },
      kubernetes: cluster.config,
      permission: { enabled: true },
    }),
  );
  const backend = createBackend();
  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(
    import('@backstage/plugin-permission-backend-module-allow-all-policy'),
  );
  backend.add(import('backstage-plugin-kubernetes-backend'));
  await backend.start();
  const signIn = await fetch(`${baseUrl}/api/auth/guest/refresh`);
  const { backstageIdentity } = await signIn.json();
  await oneRequest(baseUrl, backstageIdentity.token);
  cluster.stop();
  // As an operator stops it: Backstage stops its plugins and ends the process, with 1 where one of them failed to.
  process.kill(process.pid, 'SIGTERM');
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});

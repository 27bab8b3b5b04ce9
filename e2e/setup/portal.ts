import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { generate } from 'selfsigned';
import type { Environment } from '../environment';
import { ask } from '../http';
import { stopProcessAtTheEnd } from './stopProcess';

const BACKEND = resolve(__dirname, '../portal/backend.ts');
// What `backstage-cli package start` compiles TypeScript with.
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const START_MS = 120_000;

type Upstream = Pick<Environment, 'cluster' | 'serviceAccount'>;

/** Starts the portal and signs its guest in. */
export async function startPortal(
  dir: string,
  upstream: Upstream,
): Promise<Environment['portal']> {
  const { private: key, cert } = await generate(
    [{ name: 'commonName', value: 'portal' }],
    {
      algorithm: 'sha256',
      extensions: [
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    },
  );
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(dir, 'portal-ca.crt');
  writeFileSync(caFile, cert);
  const configFile = join(dir, 'app-config.yaml');
  writeFileSync(
    configFile,
    JSON.stringify(appConfig({ port, url, key, cert }, upstream)),
    { mode: 0o600 },
  );

  const child = fork(BACKEND, ['--config', configFile], {
    execArgv: ['--require', TRANSFORM],
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      // The portal's plugins call each other over its own https.
      NODE_EXTRA_CA_CERTS: caFile,
    },
  });
  stopProcessAtTheEnd(child);
  await ready(child);
  return { url, ca: cert, guestToken: await signInAsGuest(url, cert) };
}

function appConfig(
  listen: { port: number; url: string; key: string; cert: string },
  { cluster, serviceAccount }: Upstream,
) {
  return {
    app: { baseUrl: listen.url },
    auth: {
      providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
    },
    backend: {
      baseUrl: listen.url,
      database: { client: 'better-sqlite3', connection: ':memory:' },
      https: { certificate: { key: listen.key, cert: listen.cert } },
      listen: { host: '127.0.0.1', port: listen.port },
    },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            // First, and answering nobody: a request that reaches the real one was resolved by name.
            {
              name: 'unreachable',
              url: 'https://127.0.0.1:1',
              authProvider: 'serviceAccount',
              serviceAccountToken: 'unused',
            },
            {
              name: cluster.name,
              url: cluster.url,
              authProvider: 'serviceAccount',
              serviceAccountToken: serviceAccount.token,
              caData: Buffer.from(cluster.ca).toString('base64'),
            },
          ],
        },
      ],
    },
    permission: { enabled: true },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const impatience = setTimeout(() => child.kill(), START_MS);
  await new Promise<void>((fulfil, reject) => {
    // The transform sends messages of its own.
    child.on('message', ({ type }: { type: string }) => {
      if (type === 'ready') {
        fulfil();
      }
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`the portal ended while starting: ${code ?? signal}`)),
    );
  }).finally(() => clearTimeout(impatience));
}

async function signInAsGuest(url: string, ca: string): Promise<string> {
  const { status, body } = await ask({ url, ca }, '/api/auth/guest/refresh', {
    method: 'POST',
  });
  if (status !== 200) {
    throw new Error(`guest sign-in: ${status} ${body}`);
  }
  return JSON.parse(body).backstageIdentity.token;
}

/** The portal must know its own address before it listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const running = new Set();

/** The API server that every backend of a run talks to. */
export async function startApiServer() {
  const child = start('apiServer.js', [], {});
  const { url, ca, token } = await nextMessage(child);
  return {
    url,
    ca,
    token,
    /** Since the start: requests by kind and CPU time; TCP connections open now. */
    async seen() {
      child.send('seen');
      return nextMessage(child);
    },
  };
}

/**
 * A Backstage backend with one of the plugins.
 *
 * @param variant - `name`; `plugin`, what to import; `configs`, names of files beside this one
 */
export async function startBackend({ name, plugin, configs }, apiServer) {
  const port = await freePort();
  const child = start(
    'backend.js',
    [plugin, ...configs.flatMap(config => ['--config', config])],
    {
      // JSON logs at level info, the audit log among them, as in production.
      NODE_ENV: 'production',
      BENCH_PORT: `${port}`,
      BENCH_API_SERVER_URL: apiServer.url,
      BENCH_API_SERVER_CA_DATA: Buffer.from(apiServer.ca).toString('base64'),
      BENCH_API_SERVER_TOKEN: apiServer.token,
    },
  );
  await nextMessage(child);
  return { name, url: `http://127.0.0.1:${port}` };
}

/** Nothing in these processes outlives a run, so none is asked to shut down in order. */
export async function stopAll() {
  await Promise.all(
    [...running].map(child => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      return exited;
    }),
  );
}

function start(script, args, environment) {
  const child = fork(script, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    // Logs are formatted and written, but to /dev/null: the disk is not what is measured.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function nextMessage(child) {
  const exited = new AbortController();
  const onExit = () => exited.abort();
  child.once('exit', onExit);
  try {
    const [message] = await once(child, 'message', { signal: exited.signal });
    return message;
  } catch (error) {
    throw new Error(`${child.spawnargs.slice(1, 3).join(' ')} has ended`, {
      cause: error,
    });
  } finally {
    child.off('exit', onExit);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Does what README says of `npm start`: pastes the three lines that it prints into bash, and presses Ctrl-C. */
const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const { createInterface } = require('node:readline');

const PORT = 7007;

async function main() {
  // A group of its own, as a terminal gives it, so that Ctrl-C can go to all of it.
  const start = spawn('npm', ['start'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(start, 'exit');
  try {
    const printed = [];
    for await (const line of createInterface({ input: start.stdout })) {
      printed.push(line);
      if (line.startsWith('Ctrl-C')) {
        break;
      }
    }
    const [token, list, watch] = printed.filter(line => /curl /.test(line));
    const { kind } = JSON.parse(bash(`${token}\n${list}`));
    expect(kind === 'NamespaceList', `namespaces: ${kind}`);
    const { type } = JSON.parse(bash(`${token}\n${watch} | head -n 1`));
    expect(type === 'ADDED', `first watch event: ${type}`);
  } finally {
    process.kill(-start.pid, 'SIGINT');
  }
  await exited;
  expect(!(await isTaken(PORT)), `something still listens on ${PORT}`);
  console.log('npm start: its three lines work, and Ctrl-C stops it');
}

function bash(script) {
  return execFileSync('bash', ['-c', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function expect(holds, otherwise) {
  if (!holds) {
    throw new Error(otherwise);
  }
}

function isTaken(port) {
  const socket = net.connect(port, '127.0.0.1');
  return new Promise(resolve => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});

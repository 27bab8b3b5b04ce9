/**
 * Installs the tarball into a project of its own, outside of the repository, and runs one of the programs beside this
 * file there: what a user of the package has is then all that it has.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

const DEPENDENCIES = {
  'backend.js': {
    '@backstage/backend-defaults': '^0.19.0',
    '@backstage/plugin-auth-backend': '^0.31.0',
    '@backstage/plugin-auth-backend-module-guest-provider': '^0.2.25',
    '@backstage/plugin-permission-backend': '^0.7.18',
    '@backstage/plugin-permission-backend-module-allow-all-policy': '^0.2.25',
    'better-sqlite3': '^12.11.1',
  },
  'testBackend.js': {
    '@backstage/backend-test-utils': '^1.11.7',
  },
};
// The test backend's native database would be compiled, and fail to be, for nothing.
const INSTALL_FLAGS = {
  'backend.js': [],
  'testBackend.js': ['--ignore-scripts'],
};

// Of one command; the longest compiles the native database.
const TIMEOUT_MS = 10 * 60_000;

const [tarball, program] = process.argv.slice(2);
const project = fs.mkdtempSync(join(tmpdir(), 'pack-'));
try {
  fs.writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'installed',
      private: true,
      dependencies: {
        'backstage-plugin-kubernetes-backend': `file:${resolve(tarball)}`,
        selfsigned: '^5.5.0',
        ...DEPENDENCIES[program],
      },
    }),
  );
  for (const file of [program, 'cluster.js', 'oneRequest.js']) {
    fs.copyFileSync(join(__dirname, file), join(project, file));
  }
  const run = (command, ...args) => {
    const { error, signal, status } = spawnSync(command, args, {
      cwd: project,
      env: { ...process.env, LOG_LEVEL: 'warn' },
      stdio: 'inherit',
      timeout: TIMEOUT_MS,
    });
    if (status !== 0) {
      const end = error ?? signal ?? `exit code ${status}`;
      throw new Error(`${command} ${args.join(' ')}: ${end}`);
    }
  };
  run('npm', 'install', '--no-audit', '--no-fund', ...INSTALL_FLAGS[program]);
  // By Node's own loader: what a test's transforms let pass may still not load.
  run('node', '-e', "require('backstage-plugin-kubernetes-backend')");
  run('node', program);
} finally {
  fs.rmSync(project, { recursive: true, force: true });
}

const stockFrontend = '@backstage/plugin-kubernetes-react';

/**
 * Against a real Kubernetes: one of its own, by the test cluster beside this repository, or the one that KUBECONFIG
 * names. Needs kubectl on the PATH.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.e2e.test.ts'],
  globalSetup: '<rootDir>/setup/globalSetup.ts',
  globalTeardown: '<rootDir>/setup/globalTeardown.ts',
  moduleNameMapper: { [`^${stockFrontend}$`]: '<rootDir>/stockFrontend.js' },
  transform: {
    '^.+\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!${stockFrontend}/)`],
  maxWorkers: 2,
  testTimeout: 60_000,
};

/**
 * Stands for `@backstage/plugin-kubernetes-react` in this suite: its clients alone, from its own files. The package's
 * entry point would pull in every React component of the stock frontend, and a browser for them.
 */
const { dirname, join } = require('node:path');

const api = join(
  dirname(require.resolve('@backstage/plugin-kubernetes-react/package.json')),
  'dist/api',
);

module.exports = {
  ...require(join(api, 'KubernetesBackendClient.esm.js')),
  ...require(join(api, 'KubernetesProxyClient.esm.js')),
};

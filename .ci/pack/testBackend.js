/** The package in the test backend of Backstage, which needs no database, for one request. */
const {
  mockCredentials,
  mockServices,
  startTestBackend,
} = require('@backstage/backend-test-utils');
const { startCluster } = require('./cluster');
const oneRequest = require('./oneRequest');

async function main() {
  const cluster = await startCluster();
  const backend = await startTestBackend({
    features: [
      import('backstage-plugin-kubernetes-backend'),
      mockServices.rootConfig.factory({ data: { kubernetes: cluster.config } }),
    ],
  });
  try {
    await oneRequest(
      `http://127.0.0.1:${backend.server.port()}`,
      mockCredentials.user.token(),
    );
  } finally {
    await backend.stop();
    cluster.stop();
  }
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});

const assert = require('node:assert/strict');
const { NAMESPACES } = require('./cluster');

/** Asks the portal for the cluster's namespaces, and compares the answer with the cluster's. */
module.exports = async function oneRequest(portal, token) {
  const response = await fetch(
    `${portal}/api/kubernetes/proxy/api/v1/namespaces?limit=1`,
    {
      headers: {
        Authorization: `Bearer ${token}`,
        'Backstage-Kubernetes-Cluster': 'one',
      },
    },
  );
  assert.deepEqual(
    { status: response.status, body: await response.text() },
    { status: 200, body: NAMESPACES },
  );
  console.log(
    `Node ${process.version}: the cluster's answer came through the portal`,
  );
};

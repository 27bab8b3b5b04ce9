/** A cluster for one request: a TLS server that answers whoever brings its token. */
const { once } = require('node:events');
const { createServer } = require('node:https');
const { generate } = require('selfsigned');

const TOKEN = 'token-of-the-service-account';
const NAMESPACES = JSON.stringify({
  kind: 'NamespaceList',
  apiVersion: 'v1',
  items: [{ metadata: { name: 'default' } }],
});

async function startCluster() {
  const { private: key, cert } = await generate(
    [{ name: 'commonName', value: 'cluster' }],
    {
      algorithm: 'sha256',
      extensions: [
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    },
  );
  const server = createServer({ key, cert }, (request, response) => {
    const known = request.headers.authorization === `Bearer ${TOKEN}`;
    const found = request.url === '/api/v1/namespaces?limit=1';
    response.writeHead(!known ? 401 : found ? 200 : 404, {
      'Content-Type': 'application/json',
    });
    response.end(known && found ? NAMESPACES : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** The `kubernetes` section of an app-config. */
    config: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: 'one',
              url: `https://127.0.0.1:${server.address().port}`,
              authProvider: 'serviceAccount',
              serviceAccountToken: TOKEN,
              caData: Buffer.from(cert).toString('base64'),
            },
          ],
        },
      ],
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

module.exports = { NAMESPACES, startCluster };

/**
 * A process: a TLS server in the place of a cluster's API server, small enough not to be what is measured.
 * Tells its parent how to reach it, then answers every message with what it has seen so far.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import {
  objectBody,
  objectPath,
  watchEvent,
  watchPath,
} from './clusterPaths.js';

const token = randomBytes(32).toString('base64url');
// An elliptic curve keeps the handshake cheap: the stock plugin makes one for each request.
const certificate = await generate([{ name: 'commonName', value: 'bench' }], {
  keyType: 'ec',
  algorithm: 'sha256',
  extensions: [
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ],
});
const seen = { watches: 0, refused: 0 };

const server = createServer(
  { key: certificate.private, cert: certificate.cert },
  (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      seen.refused += 1;
      answerStatus(response, 401, 'Unauthorized');
    } else if (request.url === objectPath) {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': objectBody.length,
      });
      response.end(objectBody);
    } else if (request.url === watchPath) {
      seen.watches += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(watchEvent);
    } else {
      answerStatus(response, 404, 'NotFound');
    }
  },
);
// Kubernetes keeps idle connections for 90 s: k8s.io/apiserver, pkg/server/secure_serving.go.
server.keepAliveTimeout = 90_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  server.getConnections((_, connections) =>
    process.send({ ...seen, connections, cpuSeconds }),
  );
});
process.on('disconnect', () => process.exit());
process.send({
  url: `https://127.0.0.1:${server.address().port}`,
  ca: certificate.cert,
  token,
});

function answerStatus(response, code, reason) {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason,
      code,
    }),
  );
}

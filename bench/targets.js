import { objectBody, objectPath } from './clusterPaths.js';

/** A request to the cluster through a backend. */
export function proxyRequest(backendUrl, clusterPath) {
  return {
    url: `${backendUrl}/api/kubernetes/proxy${clusterPath}`,
    headers: { 'backstage-kubernetes-cluster': 'bench' },
  };
}

/** What a round loads: a request, a connection for each token, and the only right answer. */
export function proxyTarget({ name, url }, tokens) {
  return {
    ...proxyRequest(url, objectPath),
    name,
    tokens,
    expectedBody: objectBody,
  };
}

/** What a backend can do at most, and the API server without one: neither may be what limits the others. */
export function limits(apiServer, backend, connections) {
  const cluster = {
    url: `${apiServer.url}${objectPath}`,
    ca: apiServer.ca,
    tokens: Array(connections).fill(apiServer.token),
    expectedBody: objectBody,
  };
  return [
    { ...cluster, name: 'API server, connections kept' },
    // How the stock plugin asks.
    { ...cluster, name: 'API server, one request each', reconnect: true },
    {
      name: 'no-op route of the stock backend',
      url: `${backend.url}/api/noop`,
      tokens: Array(connections).fill(backend.tokens[0]),
      expectedBody: objectBody,
    },
  ];
}

import {
  KubernetesBackendClient,
  KubernetesProxyClient,
} from '@backstage/plugin-kubernetes-react';
import { readEnvironment } from './environment';
import { ask } from './http';
import { configMap, scriptPod } from './manifests';
import { asAdmin, createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();
const { cluster, portal } = environment;

/** The stock frontend's own clients; what an app gives them ends at the network. */
const client = new KubernetesBackendClient({
  discoveryApi: {
    getBaseUrl: async pluginId => `${portal.url}/api/${pluginId}`,
  },
  fetchApi: { fetch: fetchAsGuest },
  // As the stock provider of all that authenticate on the server's side.
  kubernetesAuthProvidersApi: {
    getCredentials: async () => ({}),
    decorateRequestBodyForAuth: async (_, body) => body,
  },
});
const proxyClient = new KubernetesProxyClient({ kubernetesApi: client });

/** The app's fetch: it adds the portal's token. Node's own cannot be told of a CA. */
async function fetchAsGuest(
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init);
  const { status, body } = await ask(
    { url: request.url, ca: portal.ca, token: portal.guestToken },
    '',
    {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: (await request.text()) || undefined,
    },
  );
  return new Response(body, { status });
}

describe('the stock frontend', () => {
  let namespace: string;

  beforeAll(async () => {
    [namespace] = await createNamespaces(environment, 1, [
      configMap('there'),
      scriptPod('pod', 'echo hello; sleep 3600'),
    ]);
    await asAdmin(environment, [
      'wait',
      '--for=condition=Ready',
      'pod/pod',
      `--namespace=${namespace}`,
      '--timeout=60s',
    ]);
  });

  afterAll(() => deleteNamespaces(environment, [namespace]));

  it('lists the clusters, and no secret of theirs', async () => {
    expect(await client.getClusters()).toEqual([
      { name: 'unreachable', authProvider: 'serviceAccount' },
      { name: cluster.name, authProvider: 'serviceAccount' },
    ]);
  });

  it('reads through the proxy', async () => {
    const response = await client.proxy({
      clusterName: cluster.name,
      path: `/api/v1/namespaces/${namespace}/configmaps/there`,
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(configMap('there'));
  });

  it('writes through the proxy', async () => {
    const response = await client.proxy({
      clusterName: cluster.name,
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      init: {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(configMap('made')),
      },
    });

    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject(configMap('made'));
  });

  it("gets the API server's refusals as they are", async () => {
    const response = await client.proxy({
      clusterName: cluster.name,
      path: '/api/v1/secrets',
    });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
    });
  });

  it('is told that a cluster cannot be reached', async () => {
    const response = await client.proxy({
      clusterName: 'unreachable',
      path: '/version',
    });

    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      kind: 'Status',
      error: { name: expect.any(String), message: expect.any(String) },
      response: { statusCode: 502 },
    });
  });

  it("shows a pod's log and events, and deletes the pod", async () => {
    const pod = { clusterName: cluster.name, namespace, podName: 'pod' };

    expect(
      await proxyClient.getPodLogs({ ...pod, containerName: 'main' }),
    ).toEqual({ text: 'hello\n' });
    expect(
      await proxyClient.getEventsByInvolvedObjectName({
        clusterName: cluster.name,
        namespace,
        involvedObjectName: 'pod',
      }),
    ).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: 'Scheduled' }),
      ]),
    );
    const { text } = await proxyClient.deletePod(pod);
    expect(JSON.parse(text)).toMatchObject({
      metadata: { name: 'pod', deletionTimestamp: expect.any(String) },
    });
  });
});

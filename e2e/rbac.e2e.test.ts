import { directly, readEnvironment, throughPortal } from './environment';
import { ask, type Ask } from './http';
import { configMap } from './manifests';
import { createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();
const { name, namespace: home } = environment.serviceAccount;
const user = `system:serviceaccount:${home}:${name}`;

describe('what the API server refuses', () => {
  let bound: string;

  beforeAll(async () => {
    [bound] = await createNamespaces(environment, 1, [configMap('there')]);
  });

  afterAll(() => deleteNamespaces(environment, [bound]));

  const forbidden: Array<[string, () => string, Ask]> = [
    [
      'to list in a namespace without the role',
      () => '/api/v1/namespaces/kube-system/pods',
      {},
    ],
    [
      'to read what the role leaves out',
      () => `/api/v1/namespaces/${bound}/secrets/any`,
      {},
    ],
    ['to list in the whole cluster', () => '/api/v1/pods', {}],
    ['to watch in the whole cluster', () => '/api/v1/pods?watch=true', {}],
    [
      'to create at the scope of the cluster',
      () => '/api/v1/namespaces',
      {
        method: 'POST',
        body: {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'not-to-be' },
        },
      },
    ],
    [
      'to delete a namespace, body included',
      () => `/api/v1/namespaces/${bound}`,
      {
        method: 'DELETE',
        body: { apiVersion: 'v1', kind: 'DeleteOptions' },
      },
    ],
    ['to read its metrics', () => '/metrics', {}],
  ];

  it.each(forbidden)(
    '%s reaches the client as its own 403',
    async (_, path, options) => {
      const answer = await ask(throughPortal(environment), path(), options);
      const original = await ask(directly(environment), path(), options);

      expect(answer.status).toBe(403);
      expect(answer.body).toBe(original.body);
      expect(answer.headers['content-type']).toBe(
        original.headers['content-type'],
      );
      expect(JSON.parse(answer.body)).toMatchObject({
        kind: 'Status',
        reason: 'Forbidden',
        message: expect.stringContaining(`User "${user}"`),
      });
    },
  );

  const failing: Array<[number, string, () => string, Ask]> = [
    [
      404,
      'of an object that is not there',
      () => `/api/v1/namespaces/${bound}/configmaps/none`,
      {},
    ],
    [
      409,
      'of a name that is taken',
      () => `/api/v1/namespaces/${bound}/configmaps`,
      { method: 'POST', body: configMap('there') },
    ],
    [
      400,
      'of a body that cannot be read',
      () => `/api/v1/namespaces/${bound}/configmaps`,
      { method: 'POST', body: '{' },
    ],
    [
      422,
      'of an invalid object',
      () => `/api/v1/namespaces/${bound}/configmaps`,
      { method: 'POST', body: configMap('Not a name') },
    ],
    [
      415,
      'of a patch of an unknown type',
      () => `/api/v1/namespaces/${bound}/configmaps/there`,
      {
        method: 'PATCH',
        headers: { 'Content-Type': 'text/plain' },
        body: 'colour: red',
      },
    ],
    [
      406,
      'of an answer in an unknown type',
      () => `/api/v1/namespaces/${bound}/configmaps`,
      { headers: { Accept: 'text/html' } },
    ],
  ];

  it.each(failing)(
    'by a %d %s reaches the client as it is',
    async (status, _, path, options) => {
      const answer = await ask(throughPortal(environment), path(), options);
      const original = await ask(directly(environment), path(), options);

      expect(answer.status).toBe(status);
      expect(answer.body).toBe(original.body);
    },
  );
});

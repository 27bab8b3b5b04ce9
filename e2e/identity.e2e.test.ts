import { readFile } from 'node:fs/promises';
import { auditEvent } from './auditLog';
import { readEnvironment, throughPortal } from './environment';
import { ask } from './http';
import { createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();
const { cluster, portal } = environment;
const { name, namespace: home } = environment.serviceAccount;
const user = `system:serviceaccount:${home}:${name}`;

function whoAmI(headers: Record<string, string> = {}) {
  return ask(
    throughPortal(environment),
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    {
      method: 'POST',
      headers,
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      },
    },
  );
}

it("the portal's guest is the configured service account at the cluster", async () => {
  const { status, body } = await whoAmI();

  expect(status).toBe(201);
  expect(JSON.parse(body).status.userInfo).toMatchObject({
    username: user,
    groups: expect.arrayContaining([
      'system:serviceaccounts',
      'system:authenticated',
    ]),
  });
});

it("a client's claim to come through the front proxy changes nothing", async () => {
  const { body } = await whoAmI({
    'X-Remote-User': 'admin',
    'X-Remote-Group': 'system:masters',
  });

  expect(JSON.parse(body).status.userInfo.username).toBe(user);
});

it('a token that the client brings for the cluster is used as it is', async () => {
  const { status, body } = await whoAmI({
    'Backstage-Kubernetes-Authorization': 'Bearer of-nobody',
  });

  expect(status).toBe(401);
  expect(JSON.parse(body)).toMatchObject({
    kind: 'Status',
    reason: 'Unauthorized',
  });
});

it("without a token of the portal the answer is the portal's own 401", async () => {
  const { status, body } = await ask(
    { ...throughPortal(environment), token: undefined },
    '/version',
  );

  expect(status).toBe(401);
  expect(JSON.parse(body).error.name).toBe('AuthenticationError');
});

// Where the cluster is not the suite's own, its audit log is out of reach.
if (cluster.auditLog) {
  const auditLog = cluster.auditLog;

  it("the cluster's audit log names the service account, and nobody else", async () => {
    const [namespace] = await createNamespaces(environment, 1);
    const path = `/api/v1/namespaces/${namespace}/configmaps/audited`;

    await ask(throughPortal(environment), path);

    const event = await auditEvent(auditLog, path, 'ResponseComplete');
    expect(event.user.username).toBe(user);
    expect(event.impersonatedUser).toBeUndefined();
    await deleteNamespaces(environment, [namespace]);
  });

  it("the portal's token is not in the cluster's audit log", async () => {
    await whoAmI();

    expect(await readFile(auditLog, 'utf8')).not.toContain(portal.guestToken);
  });
}

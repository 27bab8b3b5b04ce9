import {
  directly,
  readEnvironment,
  throughPortal,
  throughPortalPath,
} from './environment';
import { ask } from './http';
import { echoService } from './manifests';
import { asAdmin, createNamespaces, deleteNamespaces } from './namespaces';

const environment = readEnvironment();
const portal = throughPortal(environment);

describe("a Service's proxy", () => {
  let namespace: string;
  let service: string;

  beforeAll(async () => {
    [namespace] = await createNamespaces(environment, 1, echoService('echo'));
    service = `/api/v1/namespaces/${namespace}/services/echo/proxy`;
    await asAdmin(environment, [
      'wait',
      '--for=condition=Ready',
      'pod/echo',
      `--namespace=${namespace}`,
      '--timeout=60s',
    ]);
    // Ready is the pod; the Service has it a moment later.
    await asAdmin(environment, [
      'wait',
      '--for=jsonpath={.endpoints[0].conditions.ready}=true',
      'endpointslice',
      '--selector=kubernetes.io/service-name=echo',
      `--namespace=${namespace}`,
      '--timeout=60s',
    ]);
  });

  afterAll(() => deleteNamespaces(environment, [namespace]));

  it.each([
    ['/'],
    ['/plain'],
    ['/with%20space/and%2Fslash'],
    ['/twice//slashed/'],
    ['/query?a=1&b=%26&c'],
    ['/query?a=/../&b=?'],
    ['/%E2%82%AC?currency=%E2%82%AC'],
    ["/sub-delims/!$&'()*+,;=:@"],
  ])('receives %s as the API server passes it on', async path => {
    const { status, body } = await ask(portal, service + path);
    const original = await ask(directly(environment), service + path);

    expect(status).toBe(200);
    // Headers included: the echo tells all that it received.
    expect(body).toBe(original.body);
  });

  it('receives the path and the query', async () => {
    const { body } = await ask(portal, `${service}/a/path?with=query%3F`);

    expect(body).toContain('/a/path?with=query%3F');
  });

  it('receives the method and the body', async () => {
    const { status, body } = await ask(portal, `${service}/echo`, {
      method: 'PUT',
      headers: { 'Content-Type': 'text/plain' },
      body: 'a body of text',
    });

    expect(status).toBe(200);
    expect(body).toContain('PUT');
    expect(body).toContain('a body of text');
  });

  it('receives nothing that belongs to the portal alone', async () => {
    const { body } = await ask(portal, `${service}/headers`, {
      headers: { Cookie: 'session=of-the-portal', 'X-Custom': 'passed' },
    });

    expect(body).toContain('passed');
    expect(body).not.toContain(environment.portal.guestToken);
    expect(body).not.toContain('of-the-portal');
    expect(body.toLowerCase()).not.toContain('backstage-kubernetes');
  });

  it('is reached through a cluster named in the path, too', async () => {
    const { status, body } = await ask(
      throughPortalPath(environment),
      `${service}/by/path?q=1`,
    );

    expect(status).toBe(200);
    expect(body).toContain('/by/path?q=1');
  });

  it('that is not there fails by the API server', async () => {
    const path = `/api/v1/namespaces/${namespace}/services/none/proxy/`;

    const { status, body } = await ask(portal, path);
    const original = await ask(directly(environment), path);

    expect([status, body]).toEqual([original.status, original.body]);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', code: status });
  });
});

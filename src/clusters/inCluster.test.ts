import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { inClusterConnection, withInClusterConnection } from './inCluster';

describe('inClusterConnection', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'service-account-'));
    writeFileSync(join(directory, 'ca.crt'), 'CA');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const pod = (host: string, port?: string) =>
    inClusterConnection(
      { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port },
      directory,
    );

  it.each([
    ['10.96.0.1', '443', 'https://10.96.0.1:443'],
    ['10.96.0.1', undefined, 'https://10.96.0.1:443'],
    ['fd00::1', '6443', 'https://[fd00::1]:6443'],
    ['10.96.0.1', '8080', 'http://10.96.0.1:8080'],
  ])('reaches %s port %s at %s', (host, port, url) => {
    expect(pod(host, port)).toEqual({
      url,
      caFile: join(directory, 'ca.crt'),
      tokenFile: join(directory, 'token'),
    });
  });

  it('is undefined without the service address or the mounted CA', () => {
    expect(inClusterConnection({}, directory)).toBeUndefined();
    expect(
      inClusterConnection(
        { KUBERNETES_SERVICE_HOST: '10.96.0.1' },
        join(directory, 'nowhere'),
      ),
    ).toBeUndefined();
  });
});

describe('withInClusterConnection', () => {
  const pod = {
    url: 'https://10.96.0.1:443',
    caFile: '/pod/ca.crt',
    tokenFile: '/pod/token',
  };
  const cluster = {
    name: 'own',
    url: 'https://elsewhere.example',
    caData: 'LS0t',
    authMetadata: { 'kubernetes.io/auth-provider': 'serviceAccount' },
  };

  it(`leads a service account without a token to the pod's own API server`, () => {
    expect(withInClusterConnection(cluster, pod)).toEqual({
      ...cluster,
      url: pod.url,
      caFile: pod.caFile,
      caData: undefined,
    });
    expect(cluster.url).toBe('https://elsewhere.example');
  });

  it('keeps the CA settings of a plain http API server', () => {
    expect(
      withInClusterConnection(cluster, { ...pod, url: 'http://10.96.0.1:80' }),
    ).toEqual({ ...cluster, url: 'http://10.96.0.1:80' });
  });

  it.each([
    ['outside of a pod', cluster, undefined],
    [
      'with a token of its own',
      {
        ...cluster,
        authMetadata: { ...cluster.authMetadata, serviceAccountToken: 't' },
      },
      pod,
    ],
    [
      'with another provider',
      { ...cluster, authMetadata: { 'kubernetes.io/auth-provider': 'google' } },
      pod,
    ],
  ])('leaves a cluster alone %s', (_, details, connection) => {
    expect(withInClusterConnection(details, connection)).toBe(details);
  });
});

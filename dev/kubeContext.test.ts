import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig } from './kubeconfig';
import { clusterOfContext } from './kubeContext';

describe('a context of the kubeconfig', () => {
  let folder: string;
  const pathOf = (file: string) => join(folder, file);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A kubeconfig whose one context `it` has this cluster and this user. */
  function write(file: string, cluster: object, user?: object) {
    const content = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'c', cluster: { server: 'https://c.example', ...cluster } },
      ],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'it', context: { cluster: 'c', user: 'u' } }],
    };
    writeFileSync(pathOf(file), JSON.stringify(content));
    return pathOf(file);
  }

  const clusterOf = (cluster: object, user?: object) =>
    clusterOfContext(loadKubeconfig([write('config', cluster, user)]), 'it');

  it('becomes a cluster of the plugin', () => {
    expect(
      clusterOf({ 'certificate-authority-data': 'Y2E=' }, { token: 'secret' }),
    ).toEqual({
      name: 'it',
      url: 'https://c.example',
      authProvider: 'serviceAccount',
      serviceAccountToken: 'secret',
      skipTLSVerify: false,
      caData: 'Y2E=',
    });
  });

  it('may skip verification, or name a CA file beside the kubeconfig', () => {
    const user = { token: 'secret' };
    expect(clusterOf({ 'insecure-skip-tls-verify': true }, user)).toMatchObject(
      { skipTLSVerify: true },
    );
    expect(
      clusterOf({ 'certificate-authority': 'ca.crt' }, user),
    ).toHaveProperty('caFile', pathOf('ca.crt'));
  });

  it('prefers the token file, whose path is relative too', () => {
    writeFileSync(pathOf('token'), 'from-file\n');
    const user = { token: 'secret', tokenFile: 'token' };
    expect(clusterOf({}, user)).toHaveProperty(
      'serviceAccountToken',
      'from-file',
    );
  });

  it.each([
    ['client-certificate-data', { 'client-certificate-data': 'eA==' }],
    ['exec', { token: 'secret', exec: { command: 'aws' } }],
    ['as', { token: 'secret', as: 'somebody' }],
    ['username', { username: 'u', password: 'secret' }],
    ['no bearer token', {}],
    ['no bearer token', undefined],
  ])('is refused with %s', (problem, user) => {
    expect(() => clusterOf({}, user)).toThrow(
      `Context 'it' cannot be used: its user has ${problem}`,
    );
    expect(() => clusterOf({}, user)).not.toThrow('secret');
  });

  it.each(['tls-server-name', 'proxy-url'])('is refused with %s', key => {
    expect(() => clusterOf({ [key]: 'x' }, { token: 'secret' })).toThrow(
      `its cluster has ${key}`,
    );
  });

  it('is looked for by name, and the names there are are shown', () => {
    const kubeconfig = loadKubeconfig([write('config', {}, {})]);
    expect(() => clusterOfContext(kubeconfig, 'other')).toThrow(
      "The kubeconfig has no context 'other'. Its contexts are:\n  it",
    );
  });

  it('is the first of that name in several files', () => {
    const first = write('first', {}, { token: 'first' });
    const second = write('second', {}, { token: 'second' });
    const kubeconfig = loadKubeconfig([pathOf('missing'), first, second]);
    expect(clusterOfContext(kubeconfig, 'it')).toHaveProperty(
      'serviceAccountToken',
      'first',
    );
  });

  it('needs a kubeconfig that can be read', () => {
    expect(() => loadKubeconfig([pathOf('missing')])).toThrow(
      `There is no kubeconfig at ${pathOf('missing')}`,
    );
    writeFileSync(pathOf('config'), 'users: [{token: secret');
    expect(() => loadKubeconfig([pathOf('config')])).toThrow(
      `${pathOf('config')} is not a readable kubeconfig`,
    );
  });
});

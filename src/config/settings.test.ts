import { ConfigReader } from '@backstage/config';
import { readSettings } from './settings';

const settings = (kubernetes: Record<string, any>) =>
  readSettings(new ConfigReader({ kubernetes }));
const proxy = (values: Record<string, any>) =>
  settings({ proxy: values }).proxy;

describe('readSettings', () => {
  it('has defaults for everything', () => {
    expect(settings({})).toEqual({
      locators: [],
      proxy: {
        permissionCacheTtl: 5_000,
        timeouts: { connect: 10_000, response: 75_000 },
        headerPolicy: { forward: new Set(), forwardImpersonation: false },
      },
    });
  });

  it.each([
    [{ seconds: 2 }, 2_000],
    ['2s', 2_000],
    ['PT2S', 2_000],
    [{ milliseconds: 0 }, 0],
  ])('reads the duration %j as %i ms', (permissionCacheTtl, expected) => {
    expect(proxy({ permissionCacheTtl }).permissionCacheTtl).toBe(expected);
  });

  it.each([
    [{ permissionCacheTtl: { seconds: -1 } }, 'permissionCacheTtl'],
    [{ connectTimeout: { seconds: 0 } }, 'connectTimeout'],
    [{ responseTimeout: { years: 1 } }, 'responseTimeout'],
    [{ responseTimeout: 'soon' }, 'responseTimeout'],
    [{ defaultCluster: '' }, 'defaultCluster'],
    [{ forwardHeaders: 'x' }, 'forwardHeaders'],
    [{ dangerouslyForwardImpersonationHeaders: 'perhaps' }, 'dangerously'],
  ])('fails on %j, naming the key', (values, key) => {
    expect(() => proxy(values)).toThrow(key);
  });

  it('reads what the operator lets through', () => {
    expect(
      proxy({
        forwardHeaders: ['X-Forwarded-For'],
        dangerouslyForwardImpersonationHeaders: true,
      }).headerPolicy,
    ).toEqual({
      forward: new Set(['x-forwarded-for']),
      forwardImpersonation: true,
    });
  });

  it.each([
    'Authorization',
    'cookie',
    'X-Remote-User',
    'x_remote_group',
    'Backstage-Kubernetes-Authorization',
    'Impersonate-User',
    'Connection',
  ])('refuses to forward %s', name => {
    expect(() => proxy({ forwardHeaders: ['X-Ok', name] })).toThrow(
      `Invalid kubernetes.proxy.forwardHeaders: '${name}' is never forwarded`,
    );
  });

  it('keeps the clusters of config locators for the locator to read', () => {
    expect(
      settings({
        clusterLocatorMethods: [{ type: 'config', clusters: ['as they are'] }],
      }).locators,
    ).toEqual([
      {
        type: 'config',
        clusters: ['as they are'],
        key: 'kubernetes.clusterLocatorMethods[0].clusters',
      },
    ]);
  });

  it.each(['gke', 'nonsense'])('fails on a locator of type %s', type => {
    expect(() => settings({ clusterLocatorMethods: [{ type }] })).toThrow(
      `Unsupported kubernetes.clusterLocatorMethods: "${type}"`,
    );
  });

  it('fails on a locator without type', () => {
    expect(() => settings({ clusterLocatorMethods: [{}] })).toThrow(
      /clusterLocatorMethods: \[0\]\.type/,
    );
  });
});

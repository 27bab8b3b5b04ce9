import { createTransportPool, TransportPool } from './transportPool';

const cluster = {
  name: 'one',
  url: 'https://cluster.example',
  authMetadata: {},
};
const certificate = { cert: 'cert', key: 'key' };

describe('createTransportPool', () => {
  let pool: TransportPool;
  beforeEach(() => {
    pool = createTransportPool();
  });
  afterEach(() => pool.destroy());

  it('gives the same transport for the same connection', async () => {
    expect(await pool.for({ ...cluster })).toBe(await pool.for({ ...cluster }));
  });

  it.each([
    ['url', { url: 'https://other.example' }],
    ['CA', { caData: Buffer.from('other').toString('base64') }],
    ['verification', { skipTLSVerify: true }],
  ])(
    `retires a cluster's transport when its %s changes`,
    async (_, changed) => {
      const before = await pool.for(cluster);
      const after = await pool.for({ ...cluster, ...changed });
      expect(after).not.toBe(before);
      expect(before.agent.maxFreeSockets).toBe(0);
      expect(await pool.for({ ...cluster, ...changed })).toBe(after);
    },
  );

  it('keeps connections apart by cluster and by client certificate', async () => {
    const transports = await Promise.all([
      pool.for(cluster),
      pool.for({ ...cluster, name: 'two' }),
      pool.for(cluster, certificate),
      pool.for(cluster, { ...certificate, key: 'other' }),
      pool.for(cluster, { cert: 'certk', key: 'ey' }),
    ]);
    expect(new Set(transports).size).toBe(transports.length);
    expect(await pool.for(cluster, { ...certificate })).toBe(transports[2]);
    expect(await pool.for(cluster)).toBe(transports[0]);
  });
});

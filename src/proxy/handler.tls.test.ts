import { mkdtemp, rename, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { startApiServer } from '../testing/apiServer';
import { createAuthority } from '../testing/certificates';
import { Gateway, startGateway } from '../testing/gateway';

async function status(gateway: Gateway, cluster = 'one'): Promise<number> {
  return (await gateway.portal.fetch(`/clusters/${cluster}/proxy/api`)).status;
}

describe('TLS to a cluster', () => {
  it('trusts the authority of caData', async () => {
    const gateway = await startGateway();
    expect(await status(gateway)).toBe(200);
    await gateway.stop();
  });

  it('trusts nobody else', async () => {
    const { caData } = await createAuthority('Somebody else');
    const gateway = await startGateway({ settings: { caData } });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: {
        name: 'BadGatewayError',
        message: expect.stringMatching(
          /^Cluster 'one' request error; the TLS connection failed \(/,
        ),
      },
    });
    expect(gateway.cluster.requests).toEqual([]);
    await gateway.stop();
  });

  it('trusts no self-signed certificate without any authority', async () => {
    const gateway = await startGateway({ settings: { caData: undefined! } });
    expect(await status(gateway)).toBe(502);
    await gateway.stop();
  });

  it('trusts no certificate of another host', async () => {
    const gateway = await startGateway({
      cluster: {
        authority: await createAuthority(),
        certificate: { dns: ['other.example'], ips: ['192.0.2.1'] },
      },
    });
    expect(await status(gateway)).toBe(502);
    await gateway.stop();
  });

  it('trusts no certificate that has expired', async () => {
    const authority = await createAuthority();
    const cluster = await startApiServer({
      authority,
      certificate: {
        notBefore: new Date('2020-01-01'),
        notAfter: new Date('2021-01-01'),
      },
    });
    const gateway = await startGateway({
      settings: { url: cluster.url, caData: authority.caData },
    });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('CERT_HAS_EXPIRED');
    await gateway.stop();
    await cluster.close();
  });

  it('trusts whoever answers with skipTLSVerify, and warns of it', async () => {
    const gateway = await startGateway({
      settings: { caData: undefined!, skipTLSVerify: true },
    });
    expect(await status(gateway)).toBe(200);
    expect(gateway.portal.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining(
          `Cluster 'one' is configured with skipTLSVerify: true`,
        ),
      }),
    );
    await gateway.stop();
  });

  it('names the host in the handshake, but never an address', async () => {
    const gateway = await startGateway();
    const { port } = gateway.cluster;
    await gateway.portal.fetch('/proxy/api');
    expect(gateway.cluster.requests[0].servername).toBeUndefined();
    await gateway.stop();

    const named = await startGateway({
      cluster: { authority: gateway.authority, port },
      settings: {
        url: `https://localhost:${port}`,
        caData: gateway.authority.caData,
      },
    });
    await named.portal.fetch('/proxy/api');
    expect(named.cluster.requests[0]).toMatchObject({
      servername: 'localhost',
      headers: { host: `localhost:${port}` },
    });
    await named.stop();
  });

  it('reaches an IPv6 literal', async () => {
    const authority = await createAuthority();
    const cluster = await startApiServer({ authority, host: '::1' });
    const gateway = await startGateway({
      settings: { url: cluster.url, caData: authority.caData },
    });
    expect(await status(gateway)).toBe(200);
    expect(cluster.requests[0].headers.host).toBe(`[::1]:${cluster.port}`);
    await gateway.stop();
    await cluster.close();
  });

  it('trusts no certificate of another IPv6 address', async () => {
    const authority = await createAuthority();
    const cluster = await startApiServer({
      authority,
      host: '::1',
      certificate: { dns: ['::1'], ips: ['::2', '127.0.0.1'] },
    });
    const gateway = await startGateway({
      settings: { url: cluster.url, caData: authority.caData },
    });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    await gateway.stop();
    await cluster.close();
  });

  it('does not mix the connections of two clusters at one address', async () => {
    const other = await createAuthority('Somebody else');
    const gateway = await startGateway();
    const { port } = gateway.cluster;
    await gateway.stop();
    const both = await startGateway({
      cluster: { authority: gateway.authority, port },
      settings: { caData: gateway.authority.caData },
      others: [
        {
          name: 'two',
          url: `https://127.0.0.1:${port}`,
          caData: other.caData,
          authProvider: 'localKubectlProxy',
        },
      ],
    });
    expect(await status(both, 'one')).toBe(200);
    expect(await status(both, 'two')).toBe(502);
    expect(await status(both, 'one')).toBe(200);
    await both.stop();
  });
});

describe('a CA file', () => {
  let directory: string;
  let caFile: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ca-'));
    caFile = join(directory, 'ca.pem');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is trusted before caData', async () => {
    const authority = await createAuthority();
    const { caData } = await createAuthority('Somebody else');
    await writeFile(caFile, authority.cert);
    const cluster = await startApiServer({ authority });
    const gateway = await startGateway({
      settings: { url: cluster.url, caFile, caData },
    });
    expect(await status(gateway)).toBe(200);
    await gateway.stop();
    await cluster.close();
  });

  it('that is replaced is trusted from then on', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const first = await createAuthority('First');
    const second = await createAuthority('Second');
    await writeFile(caFile, first.cert);
    const cluster = await startApiServer({ authority: second });
    const gateway = await startGateway({
      settings: { url: cluster.url, caFile },
    });
    expect(await status(gateway)).toBe(502);

    await writeFile(`${caFile}.new`, second.cert);
    await rename(`${caFile}.new`, caFile);
    now.mockReturnValue(60_000);
    expect(await status(gateway)).toBe(200);
    now.mockRestore();
    await gateway.stop();
    await cluster.close();
  });

  it('that is not there is a 502 that says so', async () => {
    const gateway = await startGateway({ settings: { caFile } });
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(502);
    const body = await response.text();
    expect(body).toContain('its CA file cannot be read');
    expect(body).not.toContain(directory);
    await gateway.stop();
  });
});

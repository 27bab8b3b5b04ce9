import { mockCredentials } from '@backstage/backend-test-utils';
import { clusterIdentity } from './identity';
import type { ClusterCredential } from './types';

const request = {
  cluster: { name: 'one', url: 'https://cluster.example', authMetadata: {} },
  requestAuth: {},
  caller: { credentials: mockCredentials.user() },
  signal: new AbortController().signal,
};

function identity(credential: ClusterCredential, authorization?: string) {
  const translate = jest.fn(async () => credential);
  return {
    translate,
    result: clusterIdentity(
      { for: () => ({ translate }) },
      { requestAuth: {}, authorization },
      request,
    ),
  };
}

describe('clusterIdentity', () => {
  it('presents a bearer token', async () => {
    const { result } = identity({ type: 'bearer token', token: 'T' });
    await expect(result).resolves.toEqual({ authorization: 'Bearer T' });
  });

  it('presents a client certificate and no token', async () => {
    const { result } = identity({
      type: 'x509 client certificate',
      cert: 'C',
      key: 'K',
    });
    await expect(result).resolves.toEqual({
      certificate: { cert: 'C', key: 'K' },
    });
  });

  it('presents nothing for the anonymous', async () => {
    await expect(identity({ type: 'anonymous' }).result).resolves.toEqual({});
  });

  it.each(['Basic dTpw', 'Bearer own', ''])(
    'sends the own authorization %j verbatim and asks no translator',
    async authorization => {
      const { result, translate } = identity(
        { type: 'x509 client certificate', cert: 'C', key: 'K' },
        authorization,
      );
      await expect(result).resolves.toEqual({ authorization });
      expect(translate).not.toHaveBeenCalled();
    },
  );

  it('sends the own authorization to a cluster whose provider nobody knows', async () => {
    const unknown = {
      for: () => {
        throw new Error('authProvider "linode" is unknown');
      },
    };
    await expect(
      clusterIdentity(
        unknown,
        { requestAuth: {}, authorization: 'Bearer own' },
        request,
      ),
    ).resolves.toEqual({ authorization: 'Bearer own' });
  });

  it.each(['', 'Bearer T', 'a b', 'T\r\nX-Remote-User: admin', 'tök', 'T\n'])(
    'refuses the token %j and does not repeat it',
    async token => {
      const { result } = identity({ type: 'bearer token', token });
      await expect(result).rejects.toMatchObject({
        name: 'AuthenticationError',
        message: expect.stringMatching(
          /^The token for the cluster is malformed/,
        ),
      });
    },
  );

  it('fails on a credential of unknown type', async () => {
    const { result } = identity({ type: 'kerberos' } as any);
    await expect(result).rejects.toThrow(`Unknown credential type 'kerberos'`);
  });
});

import { mockCredentials } from '@backstage/backend-test-utils';
import { adaptStockStrategy } from './stockStrategy';

const cluster = {
  name: 'one',
  url: 'https://cluster.example',
  authMetadata: { 'kubernetes.io/auth-provider': 'myCustom' },
};
const strategy = {
  getCredential: jest.fn(async () => ({
    type: 'bearer token' as const,
    token: 'T',
  })),
  validateCluster: jest.fn(() => [new Error('invalid')]),
  presentAuthMetadata: jest.fn(() => ({ shown: 'yes' })),
};

describe('adaptStockStrategy', () => {
  const translator = adaptStockStrategy('myCustom', strategy);

  it('gives the strategy its token under its own name, in whatever case', async () => {
    await expect(
      translator.translate({
        cluster,
        requestAuth: { mycustom: 'user token' },
        caller: { credentials: mockCredentials.user() },
        signal: new AbortController().signal,
      }),
    ).resolves.toEqual({ type: 'bearer token', token: 'T' });
    expect(strategy.getCredential).toHaveBeenCalledWith(cluster, {
      mycustom: 'user token',
      myCustom: 'user token',
    });
  });

  it('answers a strategy that throws at once with a rejection', async () => {
    strategy.getCredential.mockImplementationOnce(() => {
      throw new Error('at once');
    });
    await expect(
      translator.translate({
        cluster,
        requestAuth: {},
        caller: { credentials: mockCredentials.user() },
        signal: new AbortController().signal,
      }),
    ).rejects.toThrow('at once');
  });

  it('passes on validation and presentation', () => {
    expect(translator.validateCluster?.({})).toEqual([new Error('invalid')]);
    expect(translator.presentAuthMetadata?.({})).toEqual({ shown: 'yes' });
  });
});

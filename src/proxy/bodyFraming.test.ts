import { InputError } from '@backstage/errors';
import { bodyFraming } from './bodyFraming';

describe('bodyFraming', () => {
  it.each([
    [['Content-Length', '5'], 'DELETE', { 'content-length': '5' }],
    [
      ['Transfer-Encoding', 'chunked'],
      'DELETE',
      { 'transfer-encoding': 'chunked' },
    ],
    [
      ['Transfer-Encoding', 'Chunked'],
      'GET',
      { 'transfer-encoding': 'chunked' },
    ],
    [[], 'POST', { 'content-length': '0' }],
    [[], 'GET', {}],
    [[], 'DELETE', {}],
  ])('of %j with %s is %j', (rawHeaders, method, framing) => {
    expect(bodyFraming({ method, rawHeaders })).toEqual(framing);
  });

  it.each([
    [['Content-Length', '5', 'Transfer-Encoding', 'chunked']],
    [['Transfer-Encoding', 'gzip, chunked']],
    [['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked']],
    [['Transfer-Encoding', 'identity']],
  ])('refuses %j', rawHeaders => {
    expect(() => bodyFraming({ method: 'POST', rawHeaders })).toThrow(
      InputError,
    );
  });
});

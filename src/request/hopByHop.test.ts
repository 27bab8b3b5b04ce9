import { isHopByHop, namedByConnection } from './hopByHop';

describe('hop-by-hop headers', () => {
  it.each(['connection', 'transfer-encoding', 'te', 'upgrade', 'keep-alive'])(
    'include %s',
    name => {
      expect(isHopByHop(name)).toBe(true);
    },
  );

  it.each(['content-type', 'content-length', 'authorization'])(
    'do not include %s',
    name => {
      expect(isHopByHop(name)).toBe(false);
    },
  );

  it('include what Connection names, in whatever case and spacing', () => {
    expect(namedByConnection(' close,X-A ,\tx-b')).toEqual([
      'close',
      'x-a',
      'x-b',
    ]);
    expect(namedByConnection(undefined)).toEqual([]);
  });
});

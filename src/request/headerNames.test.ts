import { isNeverForwarded, normalizedName } from './headerNames';

describe('normalizedName', () => {
  it('knows neither case nor underscores', () => {
    expect(normalizedName('X_Remote-USER')).toBe('x-remote-user');
  });
});

describe('isNeverForwarded', () => {
  it.each([
    'Authorization',
    'cookie',
    'X-Remote-User',
    'x_remote_user',
    'Backstage-Anything',
    'Impersonate-User',
    'Proxy-Authorization',
    'Connection',
    'Transfer-Encoding',
    'Host',
  ])('holds for %s', name => {
    expect(isNeverForwarded(name)).toBe(true);
  });

  it.each(['X-Forwarded-For', 'Forwarded', 'X-Custom'])(
    'does not hold for %s',
    name => {
      expect(isNeverForwarded(name)).toBe(false);
    },
  );
});

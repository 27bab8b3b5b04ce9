import {
  AuthenticationError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  BadGatewayError,
  clusterRequestError,
  errorKind,
  GatewayTimeoutError,
  ImpersonationRefusedError,
} from './errors';

describe('errorKind', () => {
  it.each([
    [new InputError('x'), 400, 'BadRequest'],
    [new AuthenticationError('x'), 401, 'Unauthorized'],
    [new NotAllowedError('x'), 403, 'Forbidden'],
    [new ImpersonationRefusedError('x'), 403, 'Forbidden'],
    [new NotFoundError('x'), 404, 'NotFound'],
    [new BadGatewayError('x'), 502, 'BadGateway'],
    [new GatewayTimeoutError('x'), 504, 'Timeout'],
    [new Error('x'), 500, 'InternalError'],
    ['not an error', 500, 'InternalError'],
  ])('answers %s with %i %s', (error, statusCode, reason) => {
    expect(errorKind(error)).toEqual({ statusCode, reason });
  });

  it('knows the errors of another copy of @backstage/errors by name', () => {
    const foreign = Object.assign(new Error('x'), { name: 'NotFoundError' });
    expect(errorKind(foreign).statusCode).toBe(404);
  });
});

describe('clusterRequestError', () => {
  const failure = (code: string) =>
    Object.assign(new Error(`connect ${code} 10.1.2.3:6443`), {
      code,
      address: '10.1.2.3',
      port: 6443,
    });

  it.each([
    ['ECONNREFUSED', 502],
    ['ECONNRESET', 502],
    ['EPIPE', 502],
    ['EHOSTUNREACH', 502],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 502],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 502],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 502],
    ['HPE_INVALID_CHUNK_SIZE', 502],
    ['SOMETHING_NEW', 502],
    ['ENOTFOUND', 503],
    ['EAI_AGAIN', 503],
    ['ETIMEDOUT', 504],
  ])('answers %s with %i and no address', (code, statusCode) => {
    const error = clusterRequestError('one', failure(code));
    expect(errorKind(error).statusCode).toBe(statusCode);
    expect(error.message).toMatch(/^Cluster 'one' request error; /);
    expect(error.message).not.toMatch(/10\.1\.2\.3|6443/);
    expect(JSON.stringify(error)).not.toMatch(/10\.1\.2\.3|6443/);
  });

  it('keeps what a deadline said', () => {
    const error = clusterRequestError('one', new GatewayTimeoutError('late'));
    expect(error).toBeInstanceOf(GatewayTimeoutError);
    expect(error.message).toBe(`Cluster 'one' request error; late`);
  });
});

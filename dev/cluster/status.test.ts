import { deployments, pods } from './resources';
import {
  alreadyExists,
  conflict,
  invalid,
  notFound,
  success,
  unauthorized,
} from './status';

describe('Status', () => {
  it('refuses a caller that it does not know in the words of an API server', () => {
    expect(unauthorized().status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    });
  });

  it('names a missing object, without a group in the core group', () => {
    expect(notFound(pods, 'web').status).toMatchObject({
      message: 'pods "web" not found',
      reason: 'NotFound',
      details: { name: 'web', kind: 'pods' },
      code: 404,
    });
    expect(notFound(pods, 'web').status.details).not.toHaveProperty('group');
  });

  it('names the group where there is one', () => {
    expect(alreadyExists(deployments, 'web').status).toMatchObject({
      message: 'deployments.apps "web" already exists',
      reason: 'AlreadyExists',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
      code: 409,
    });
  });

  it('says why an object cannot be written', () => {
    expect(conflict(pods, 'web', 'it has changed').status).toMatchObject({
      message: 'Operation cannot be fulfilled on pods "web": it has changed',
      reason: 'Conflict',
      code: 409,
    });
  });

  it('names the field that is wrong', () => {
    const { status } = invalid(deployments, '', 'metadata.name', 'is required');
    expect(status).toMatchObject({
      message: 'Deployment.apps "" is invalid: metadata.name: is required',
      reason: 'Invalid',
      details: { causes: [{ field: 'metadata.name', message: 'is required' }] },
      code: 422,
    });
  });

  it('reports a deletion with the uid of what is gone', () => {
    expect(success(pods, 'web', '42')).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'web', kind: 'pods', uid: '42' },
      code: 200,
    });
  });
});

import type { JsonObject } from '@backstage/types';
import { qualifiedName, ResourceType } from './resources';

interface StatusDetails extends JsonObject {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: { reason: string; message: string; field: string }[];
}

/** The `Status` that an API server answers when there is no object to show. */
export interface Status extends JsonObject {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: {};
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** A refusal, on its way to the client as a `Status` body. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
  ) {
    super(message);
    this.name = 'StatusError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }
}

function subject(type: ResourceType, name: string): StatusDetails {
  // `kind` carries the resource's plural, as in a real API server.
  return {
    name,
    ...(type.group && { group: type.group }),
    kind: type.plural,
  };
}

export function success(type: ResourceType, name: string, uid: string): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...subject(type, name), uid },
    code: 200,
  };
}

export const unauthorized = () =>
  new StatusError(401, 'Unauthorized', 'Unauthorized');

export const unknownPath = () =>
  new StatusError(
    404,
    'NotFound',
    'the server could not find the requested resource',
    {},
  );

export const notFound = (type: ResourceType, name: string) =>
  new StatusError(
    404,
    'NotFound',
    `${qualifiedName(type)} "${name}" not found`,
    subject(type, name),
  );

export const namespaceTerminating = (
  type: ResourceType,
  name: string,
  namespace: string,
) =>
  new StatusError(
    403,
    'Forbidden',
    `${qualifiedName(type)} "${name}" is forbidden: unable to create new ` +
      `content in namespace ${namespace} because it is being terminated`,
    subject(type, name),
  );

export const methodNotAllowed = () =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

export const alreadyExists = (type: ResourceType, name: string) =>
  new StatusError(
    409,
    'AlreadyExists',
    `${qualifiedName(type)} "${name}" already exists`,
    subject(type, name),
  );

export const conflict = (type: ResourceType, name: string, why: string) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedName(type)} "${name}": ${why}`,
    subject(type, name),
  );

/** A watch asked to resume from a revision that is no longer remembered. */
export const expired = () =>
  new StatusError(410, 'Expired', 'The resourceVersion is too old');

export const badRequest = (message: string) =>
  new StatusError(400, 'BadRequest', message);

export const tooLarge = (limit: number) =>
  new StatusError(
    413,
    'RequestEntityTooLarge',
    `Request entity is too large: limit is ${limit}`,
  );

export const unsupportedMediaType = (accepted: string[]) =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(
      ', ',
    )}`,
  );

export const invalid = (
  type: ResourceType,
  name: string,
  field: string,
  problem: string,
) =>
  new StatusError(
    422,
    'Invalid',
    `${type.kind}${type.group && `.${type.group}`} "${name}" is invalid: ` +
      `${field}: ${problem}`,
    {
      ...subject(type, name),
      kind: type.kind,
      causes: [{ reason: 'FieldValueInvalid', message: problem, field }],
    },
  );

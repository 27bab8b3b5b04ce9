import type { Caller } from '../auth/types';
import type { ParsedRequest } from '../request/parseRequest';

/** A parsed request of a known caller. */
export interface GatewayRequest extends ParsedRequest {
  readonly caller: Caller;
}

declare const authorized: unique symbol;

/** A request that the permission framework has allowed: the only kind that a cluster is looked up for. */
export type AuthorizedRequest = GatewayRequest & {
  readonly [authorized]: true;
};

import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { kubernetesProxyPermission } from '@backstage/plugin-kubernetes-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { LRUCache } from 'lru-cache';
import type { AuthorizedRequest, GatewayRequest } from './authorizedRequest';
import { isReplayableRead } from '../request/kubernetesRequestInfo';

/** Asks the permission framework whether a caller may use the proxy at all. */
export interface ProxyAuthorizer {
  /** @throws NotAllowedError, the same for every cluster, so that a denied caller learns nothing */
  authorize(request: GatewayRequest): Promise<AuthorizedRequest>;
}

export interface ProxyAuthorizerOptions {
  readonly permissions: PermissionsService;
  /** How long an ALLOW holds for reads, in milliseconds; 0 asks for each request. */
  readonly cacheTtl: number;
}

/** Callers whose ALLOW is kept at a time. */
const MAX_CALLERS = 10_000;

/**
 * A read by a user who was allowed a moment ago, or whose answer is under way, does not ask again. Everything else
 * does: writes, upgrades, `exec` and its kin, and requests of services, which the framework decides in-process.
 */
export function createProxyAuthorizer({
  permissions,
  cacheTtl,
}: ProxyAuthorizerOptions): ProxyAuthorizer {
  const allowed = new LRUCache<string, true>({ max: MAX_CALLERS });
  const underWay = new Map<string, Promise<void>>();

  async function ask(credentials: BackstageCredentials): Promise<void> {
    const [decision] = await permissions.authorize(
      [{ permission: kubernetesProxyPermission }],
      { credentials },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError('Unauthorized');
    }
  }

  async function askOnce(
    user: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (allowed.has(user)) {
      return;
    }
    let answer = underWay.get(user);
    if (!answer) {
      answer = ask(credentials)
        .then(() => {
          const ttl = Math.floor(Math.min(cacheTtl, timeLeft(credentials)));
          if (ttl > 0) {
            allowed.set(user, true, { ttl });
          }
        })
        .finally(() => underWay.delete(user));
      underWay.set(user, answer);
    }
    await answer;
  }

  return {
    async authorize(request) {
      const { credentials } = request.caller;
      const user = userKey(credentials);
      const mayReuse =
        cacheTtl > 0 &&
        !request.headers.upgrade &&
        isReplayableRead(request.path.request);
      if (mayReuse && user) {
        await askOnce(user, credentials);
      } else {
        await ask(credentials);
      }
      return request as AuthorizedRequest;
    },
  };
}

/** The user and the service that acts for them: what a policy can tell apart about a caller. */
function userKey(credentials: BackstageCredentials): string | undefined {
  const principal = credentials.principal as { type?: string };
  if (principal.type !== 'user') {
    return undefined;
  }
  const { userEntityRef, actor } = principal as BackstageUserPrincipal;
  return JSON.stringify([userEntityRef, actor?.subject ?? null]);
}

function timeLeft({ expiresAt }: BackstageCredentials): number {
  return expiresAt ? expiresAt.getTime() - Date.now() : Infinity;
}

import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { z } from 'zod';
import { isNeverForwarded } from '../request/headerNames';
import { describeIssues } from './clusterConfig';

/** The `kubernetes` section of app-config, as far as this version reads it. */
export interface KubernetesSettings {
  readonly locators: readonly LocatorSettings[];
  readonly proxy: ProxySettings;
}

/** One entry of `kubernetes.clusterLocatorMethods`. */
export interface LocatorSettings {
  readonly type: 'config';
  /** As configured; the locator checks it. */
  readonly clusters: unknown;
  /** Where `clusters` stands in the configuration. */
  readonly key: string;
}

/** `kubernetes.proxy`. */
export interface ProxySettings {
  readonly defaultCluster?: string;
  /** In milliseconds. */
  readonly permissionCacheTtl: number;
  readonly timeouts: ProxyTimeouts;
  readonly headerPolicy: HeaderPolicy;
}

/** In milliseconds. */
export interface ProxyTimeouts {
  /** To connect to a cluster, its TLS handshake included. */
  readonly connect: number;
  /** From the end of the request to the headers of the answer. */
  readonly response: number;
}

/** Which headers of a client an operator lets through besides the harmless ones. */
export interface HeaderPolicy {
  /** Lower-case names that are forwarded although they are dropped by default. */
  readonly forward: ReadonlySet<string>;
  /** Forward a client's `Impersonate-*` instead of refusing the request. */
  readonly forwardImpersonation: boolean;
}

const SECOND = 1_000;
/** The longest time that a Node.js timer can wait. */
const MAX_DURATION = 2 ** 31 - 1;

const locatorSchema = z.looseObject({ type: z.string() });
const proxySchema = z.object({
  defaultCluster: z.string().min(1).optional(),
  forwardHeaders: z.array(z.string().min(1)).default([]),
  dangerouslyForwardImpersonationHeaders: z
    .union([z.boolean(), z.stringbool()])
    .default(false),
});

/**
 * Reads and checks the settings.
 *
 * @param config - the root configuration, with a `kubernetes` key
 * @throws Error naming the first key that is wrong
 */
export function readSettings(config: Config): KubernetesSettings {
  return {
    locators: readLocators(config),
    proxy: readProxy(config),
  };
}

function readLocators(config: Config): LocatorSettings[] {
  const root = 'kubernetes.clusterLocatorMethods';
  const locators = z
    .array(locatorSchema)
    .safeParse(config.getOptional(root) ?? []);
  if (!locators.success) {
    throw new Error(`Invalid ${root}: ${describeIssues(locators.error)}`);
  }
  return locators.data.map((locator, index) => {
    if (locator.type !== 'config') {
      throw new Error(
        `Unsupported kubernetes.clusterLocatorMethods: "${locator.type}" (this version reads clusters from locators of type "config")`,
      );
    }
    return {
      type: 'config',
      clusters: locator.clusters,
      key: `${root}[${index}].clusters`,
    };
  });
}

function readProxy(config: Config): ProxySettings {
  const root = 'kubernetes.proxy';
  const parsed = proxySchema.safeParse(config.getOptional(root) ?? {});
  if (!parsed.success) {
    throw new Error(`Invalid ${root}: ${describeIssues(parsed.error)}`);
  }
  const { defaultCluster, forwardHeaders } = parsed.data;
  const refused = forwardHeaders.find(isNeverForwarded);
  if (refused) {
    throw new Error(
      `Invalid ${root}.forwardHeaders: '${refused}' is never forwarded`,
    );
  }
  return {
    defaultCluster,
    permissionCacheTtl: readDuration(config, `${root}.permissionCacheTtl`, {
      byDefault: 5 * SECOND,
      atLeast: 0,
    }),
    timeouts: {
      connect: readDuration(config, `${root}.connectTimeout`, {
        byDefault: 10 * SECOND,
        atLeast: 1,
      }),
      // An API server gives up after 60 s, and its own answer says more than ours.
      response: readDuration(config, `${root}.responseTimeout`, {
        byDefault: 75 * SECOND,
        atLeast: 1,
      }),
    },
    headerPolicy: {
      forward: new Set(forwardHeaders.map(name => name.toLowerCase())),
      forwardImpersonation: parsed.data.dangerouslyForwardImpersonationHeaders,
    },
  };
}

function readDuration(
  config: Config,
  key: string,
  { byDefault, atLeast }: { byDefault: number; atLeast: number },
): number {
  if (!config.has(key)) {
    return byDefault;
  }
  const milliseconds = durationToMilliseconds(
    readDurationFromConfig(config, { key }),
  );
  if (!(milliseconds >= atLeast && milliseconds <= MAX_DURATION)) {
    throw new Error(
      `Invalid ${key}: must be between ${atLeast} and ${MAX_DURATION} milliseconds`,
    );
  }
  return milliseconds;
}

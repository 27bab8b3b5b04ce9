import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { StartError } from './options';

const cluster = z.object({
  server: z.string(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

// Every other way to sign in stays visible, to be refused by its name.
const user = z.looseObject({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
});

const context = z.object({ cluster: z.string(), user: z.string().optional() });
const name = z.string();

const kubeconfigFile = z.object({
  clusters: z.array(z.object({ name, cluster })).nullish(),
  users: z.array(z.object({ name, user: user.nullish() })).nullish(),
  contexts: z.array(z.object({ name, context })).nullish(),
});

export type KubeconfigCluster = z.infer<typeof cluster>;
export type KubeconfigUser = z.infer<typeof user>;
export type KubeconfigContext = z.infer<typeof context>;

/** What one or more kubeconfig files say, by name; file paths are absolute. */
export interface Kubeconfig {
  clusters: Map<string, KubeconfigCluster>;
  users: Map<string, KubeconfigUser>;
  contexts: Map<string, KubeconfigContext>;
}

/**
 * Merges kubeconfig files as kubectl does: a file that is missing is skipped,
 * and of two entries with the same name the first counts.
 *
 * Not read by `@kubernetes/client-node`, whose KubeConfig knows no `tokenFile`,
 * drops `as-groups` and, without any file, invents a cluster.
 */
export function loadKubeconfig(paths: string[]): Kubeconfig {
  const present = paths.filter(path => existsSync(path));
  if (present.length === 0) {
    throw new StartError(`There is no kubeconfig at ${paths.join(', ')}`);
  }
  const files = present.map(path => ({ path, ...readFile(path) })).reverse();
  return {
    clusters: new Map(
      files.flatMap(({ path, clusters }) =>
        (clusters ?? []).map(entry => [
          entry.name,
          withAbsolutePath(path, 'certificate-authority', entry.cluster),
        ]),
      ),
    ),
    users: new Map(
      files.flatMap(({ path, users }) =>
        (users ?? []).map(entry => [
          entry.name,
          withAbsolutePath(path, 'tokenFile', entry.user ?? {}),
        ]),
      ),
    ),
    contexts: new Map(
      files.flatMap(({ contexts }) =>
        (contexts ?? []).map(entry => [entry.name, entry.context]),
      ),
    ),
  };
}

function readFile(path: string) {
  try {
    return kubeconfigFile.parse(parseYaml(readFileSync(path, 'utf8')) ?? {});
  } catch (error) {
    // Not the parser's message: it may quote a token.
    throw new StartError(`${path} is not a readable kubeconfig`);
  }
}

/** Paths in a kubeconfig are relative to its own folder. */
function withAbsolutePath<
  Key extends string,
  Entry extends { [key in Key]?: string },
>(file: string, key: Key, entry: Entry): Entry {
  const path = entry[key];
  return path ? { ...entry, [key]: resolve(dirname(file), path) } : entry;
}

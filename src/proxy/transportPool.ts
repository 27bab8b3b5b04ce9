import { createHash } from 'crypto';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';
import { LRUCache } from 'lru-cache';
import type { ClientCertificate } from '../auth/identity';
import { createRotatingFile, RotatingFile } from '../config/rotatingFile';
import { BadGatewayError } from './errors';
import { ConnectionSettings, createTransport, Transport } from './transport';

/** The transports in use: one per cluster and client certificate. */
export interface TransportPool {
  /**
   * The transport for a cluster; a new one when its connection settings have changed, in which case requests on the
   * former one finish.
   *
   * @throws BadGatewayError when the cluster's CA file cannot be read
   */
  for(
    cluster: ClusterDetails,
    certificate?: ClientCertificate,
  ): Promise<Transport>;
  /** Ends all connections now. */
  destroy(): void;
}

interface Entry {
  readonly settings: ConnectionSettings;
  readonly transport: Transport;
}

/** More than any portal has clusters; beyond it the least recently used one is retired. */
const MAX_CLUSTERS = 10_000;

/** Fewer, because a certificate may be made for one request and never come again. */
const MAX_CERTIFICATES = 1_000;

export function createTransportPool(): TransportPool {
  const dispose = ({ transport }: Entry) => transport.retire();
  const byCluster = new LRUCache<string, Entry>({ max: MAX_CLUSTERS, dispose });
  const byCertificate = new LRUCache<string, Entry>({
    max: MAX_CERTIFICATES,
    dispose,
  });
  const caFiles = new Map<string, RotatingFile>();

  async function authorities({
    name,
    caFile,
    caData,
  }: ClusterDetails): Promise<string | undefined> {
    if (!caFile) {
      return caData && Buffer.from(caData, 'base64').toString();
    }
    let file = caFiles.get(caFile);
    if (!file) {
      file = createRotatingFile(caFile);
      caFiles.set(caFile, file);
    }
    try {
      return await file.read();
    } catch {
      throw new BadGatewayError(
        `Cluster '${name}' request error; its CA file cannot be read`,
      );
    }
  }

  return {
    async for(cluster, certificate) {
      const settings: ConnectionSettings = {
        url: cluster.url,
        ca: await authorities(cluster),
        skipTLSVerify: cluster.skipTLSVerify ?? false,
        certificate,
      };
      const entries = certificate ? byCertificate : byCluster;
      const key = poolKey(cluster.name, certificate);
      const entry = entries.get(key);
      if (entry && isSame(entry.settings, settings)) {
        return entry.transport;
      }
      const transport = createTransport(settings);
      entries.set(key, { settings, transport });
      return transport;
    },
    destroy() {
      for (const entries of [byCluster, byCertificate]) {
        for (const { transport } of entries.values()) {
          transport.destroy();
        }
        entries.clear();
      }
    },
  };
}

/** Structured, so that no two clusters share a key; hashed, so that no private key is kept as one. */
function poolKey(name: string, certificate?: ClientCertificate): string {
  if (!certificate) {
    return JSON.stringify([name]);
  }
  const { cert, key } = certificate;
  const hash = createHash('sha256').update(JSON.stringify([cert, key]));
  return JSON.stringify([name, hash.digest('base64')]);
}

function isSame(a: ConnectionSettings, b: ConnectionSettings): boolean {
  return (
    a.url === b.url && a.ca === b.ca && a.skipTLSVerify === b.skipTLSVerify
  );
}

import { readFileSync } from 'node:fs';

/** Where a client sends its requests, and as whom. */
export interface Target {
  /** Origin and path prefix, without a slash at the end. */
  url: string;
  ca: string;
  /** A bearer token; nobody's request without it. */
  token?: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
}

/** What the global setup started, as the tests see it. */
export interface Environment {
  /** Marks everything that this run creates. */
  run: string;
  /** Files of this run, removed at its end. */
  dir: string;
  cluster: {
    name: string;
    /** The administrator's kubeconfig: for preparing a test, never for what it asserts. */
    kubeconfig: string;
    url: string;
    ca: string;
    /** Only where the cluster is the suite's own. */
    auditLog?: string;
  };
  /** Whom the portal is at the cluster. */
  serviceAccount: { namespace: string; name: string; token: string };
  portal: { url: string; ca: string; guestToken: string };
  /** Absolute paths, by the name that a test's title shows. */
  kubectl: Record<string, string>;
}

/** The variable through which the global setup tells Jest's workers where the environment is described. */
export const ENVIRONMENT_FILE = 'E2E_ENVIRONMENT_FILE';

export function readEnvironment(): Environment {
  const file = process.env[ENVIRONMENT_FILE];
  if (!file) {
    throw new Error(
      `${ENVIRONMENT_FILE} is unset: run this suite by "npm run e2e"`,
    );
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The cluster itself, as the service account: what the portal's answers are compared with. */
export function directly({ cluster, serviceAccount }: Environment): Target {
  return { url: cluster.url, ca: cluster.ca, token: serviceAccount.token };
}

/** The portal, as its guest; the header names the cluster. */
export function throughPortal({ cluster, portal }: Environment): Target {
  return {
    url: `${portal.url}/api/kubernetes/proxy`,
    ca: portal.ca,
    token: portal.guestToken,
    headers: { 'Backstage-Kubernetes-Cluster': cluster.name },
  };
}

/** The portal, as its guest; the path names the cluster, for clients that cannot set a header. */
export function throughPortalPath({ cluster, portal }: Environment): Target {
  return {
    url: `${portal.url}/api/kubernetes/clusters/${cluster.name}/proxy`,
    ca: portal.ca,
    token: portal.guestToken,
  };
}

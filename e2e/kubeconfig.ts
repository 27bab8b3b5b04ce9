import type { Target } from './environment';

/** A kubeconfig for one target; kubectl reads JSON as the YAML it is. */
export function kubeconfigFor({ url, ca, token }: Target): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'e2e',
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    clusters: [
      {
        name: 'e2e',
        cluster: {
          server: url,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
        },
      },
    ],
    users: [{ name: 'e2e', user: { token } }],
  });
}

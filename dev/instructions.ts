import { portalUrl } from './portalConfig';

/** What to paste into bash, once the portal listens. */
export function instructions(cluster: string) {
  const proxy = `${portalUrl}/api/kubernetes/proxy/api/v1`;
  const headers =
    '-H "Authorization: Bearer $TOKEN" ' +
    `-H ${quote(`Backstage-Kubernetes-Cluster: ${cluster}`)}`;
  return [
    `TOKEN=$(curl -s -X POST ${portalUrl}/api/auth/guest/refresh | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s ${headers} ${proxy}/namespaces`,
    `curl -sN ${headers} '${proxy}/pods?watch=true'`,
  ];
}

/** For bash: nothing is special between single quotes but themselves. */
function quote(text: string) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

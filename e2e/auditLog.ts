import { readFile } from 'node:fs/promises';
import { eventually } from './eventually';

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
export interface AuditEvent {
  requestURI: string;
  stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  user: { username: string; groups: string[] };
  impersonatedUser?: object;
}

/** What the API server wrote when a request reached a stage; the request is told by its URI, so that has to be its own. */
export function auditEvent(
  file: string,
  requestURI: string,
  stage: AuditEvent['stage'],
  options?: { timeoutMs: number },
): Promise<AuditEvent> {
  return eventually(
    `${stage} of ${requestURI} in the audit log`,
    async () =>
      (await readFile(file, 'utf8'))
        .split('\n')
        // The last line may be half written.
        .filter(line => line.endsWith('}'))
        .map((line): AuditEvent => JSON.parse(line))
        .find(
          event => event.requestURI === requestURI && event.stage === stage,
        ),
    options,
  );
}

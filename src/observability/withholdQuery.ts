import type { Request } from 'express';

/**
 * Takes the query string, which may hold a secret, off the URL that whoever records the request reads: the auditor, and
 * the portal's access log. They are given the request itself, because the portal has verified its token and would verify
 * that of a copy again.
 */
export function withholdQuery(req: Request): void {
  req.originalUrl = req.originalUrl.split('?', 1)[0];
}

import type { Request } from 'express';

/**
 * A request as it came in, for the auditor to read at any time: without its query string, which may hold a secret, and
 * with its headers, which are replaced on the way to a cluster.
 */
export function auditedRequest(req: Request): Request {
  const url = req.originalUrl.split('?', 1)[0];
  return Object.create(req, {
    originalUrl: { value: url, enumerable: true },
    url: { value: url, enumerable: true },
    headers: { value: req.headers, enumerable: true },
  });
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@backstage/types';
import { discoveryDocuments } from './discovery';
import type { ObjectRequest } from './objectRequest';
import { answerObjectRequest } from './objects';
import { streamPodLog } from './podLog';
import { mediaType, readBody } from './requestBody';
import { parseObjectPath } from './requestPath';
import {
  methodNotAllowed,
  StatusError,
  unauthorized,
  unknownPath,
} from './status';
import type { ObjectStore } from './store';
import { presentationFor } from './table';
import { streamWatch } from './watch';

export interface HandlerOptions {
  store: ObjectStore;
  /** The one bearer token that is let in. */
  token: string;
  now: () => Date;
}

/** `onStream` is told of each response that does not end by itself. */
export function createRequestHandler(
  { store, token, now }: HandlerOptions,
  onStream: (response: ServerResponse) => void,
) {
  const documents = discoveryDocuments();

  async function handle(request: IncomingMessage, response: ServerResponse) {
    if (!carriesToken(request, token)) {
      throw unauthorized();
    }
    const url = new URL(request.url ?? '/', 'https://demo.invalid');
    const path = parseObjectPath(url.pathname);
    if (!path) {
      sendDocument(request, response, url.pathname);
      return;
    }

    const { resource, name, subresource } = path;
    const objects: ObjectRequest = {
      method: readMethod(request),
      path,
      query: url.searchParams,
      contentType: mediaType(request),
      readBody: () => readBody(request),
      now,
    };
    const present = presentationFor(resource, request.headers.accept, now);
    const isRead = objects.method === 'GET';
    const isWatch = /^(true|1)$/.test(url.searchParams.get('watch') ?? '');

    if (isRead && subresource === 'log') {
      const pod = store.get({ ...path, name: name ?? '' });
      onStream(response);
      streamPodLog(store, pod, url.searchParams, response, now);
    } else if (isRead && isWatch && name === undefined) {
      onStream(response);
      streamWatch(store, objects, response, present);
    } else if (subresource === 'log') {
      throw methodNotAllowed();
    } else {
      const { code, body } = await answerObjectRequest(store, objects);
      sendJson(response, code, isRead ? present(body) : body);
    }
  }

  function sendDocument(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ) {
    const isHealth = /^\/(healthz|livez|readyz)$/.test(path);
    const document = documents.get(path);
    if (!isHealth && !document) {
      throw unknownPath();
    }
    if (readMethod(request) !== 'GET') {
      throw methodNotAllowed();
    }
    if (document) {
      sendJson(response, 200, document);
    } else {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('ok');
    }
  }

  return (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(error => sendError(response, error));
  };
}

function readMethod({ method = 'GET' }: IncomingMessage) {
  return method === 'HEAD' ? 'GET' : method;
}

function carriesToken({ headers }: IncomingMessage, token: string) {
  const [, offered = ''] =
    /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  // Digests have one length, which timingSafeEqual needs.
  return timingSafeEqual(digest(offered), digest(token));
}

function digest(text: string) {
  return createHash('sha256').update(text).digest();
}

function sendJson(response: ServerResponse, code: number, body: JsonObject) {
  response
    .writeHead(code, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
    })
    .end(`${JSON.stringify(body)}\n`);
}

function sendError(response: ServerResponse, error: unknown) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status } =
    error instanceof StatusError
      ? error
      : new StatusError(500, 'InternalError', 'Internal error occurred');
  sendJson(response, status.code, status);
}

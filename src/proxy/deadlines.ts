import type { ClientRequest } from 'http';
import type { TLSSocket } from 'tls';
import type { ProxyTimeouts } from '../config/settings';
import { GatewayTimeoutError } from './errors';

/**
 * Ends a request to a cluster that gets no connection, or no answer, in time. Once the answer has begun there is no
 * limit: a watch may be silent for as long as nothing changes.
 *
 * @param request - with its socket assigned
 */
export function enforceDeadlines(
  request: ClientRequest,
  timeouts: ProxyTimeouts,
): void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  const start = (milliseconds: number, message: string) => {
    stop();
    timer = setTimeout(
      () => request.destroy(new GatewayTimeoutError(message)),
      milliseconds,
    );
  };
  request.once('response', stop);
  request.once('close', stop);

  const awaitAnswer = () => {
    stop();
    const begin = () => start(timeouts.response, 'no answer in time');
    // A body may take as long as its sender needs.
    if (request.writableFinished) {
      begin();
    } else {
      request.once('finish', begin);
    }
  };

  const socket = request.socket as TLSSocket;
  if (request.reusedSocket) {
    awaitAnswer();
  } else {
    start(timeouts.connect, 'no connection in time');
    socket.once(socket.encrypted ? 'secureConnect' : 'connect', awaitAnswer);
  }
}

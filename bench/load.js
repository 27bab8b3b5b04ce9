import { createSecureContext } from 'node:tls';
import { Client } from 'undici';

/** An answer that is not the one expected: what was measured is worth nothing. */
export class WrongAnswer extends Error {}

/**
 * Asks without pause and checks every answer.
 *
 * @param target - `url`, `headers`, `expectedBody`, `tokens` (a connection for each, so a token may come twice),
 *   `ca` for TLS, `reconnect` to use a connection for one request only
 * @returns answers per second
 */
export async function measure(target, seconds) {
  // Made once: for a connection each, this process would be slower than the API server.
  const secureContext = createSecureContext({ ca: target.ca });
  const connect = { secureContext, maxCachedSessions: 0 };
  const rates = await Promise.all(
    target.tokens.map(token => askFor(seconds, target, token, connect)),
  );
  return rates.reduce((sum, rate) => sum + rate, 0);
}

/** Ends with an answer, not at a stroke: where answers are slow, those under way would be missing from the sum. */
async function askFor(seconds, target, token, connect) {
  const { origin, pathname } = new URL(target.url);
  const client = new Client(origin, { connect });
  const request = {
    method: 'GET',
    path: pathname,
    headers: { ...target.headers, authorization: `Bearer ${token}` },
    reset: target.reconnect,
  };
  const start = performance.now();
  let answers = 0;
  let elapsed = 0;
  try {
    while (elapsed < seconds) {
      await ask(client, request, target);
      answers += 1;
      elapsed = (performance.now() - start) / 1000;
    }
    return answers / elapsed;
  } finally {
    await client.destroy();
  }
}

async function ask(client, request, { name, expectedBody }) {
  const { statusCode, body } = await client.request(request);
  const text = await body.text();
  if (statusCode !== 200 || text !== expectedBody) {
    throw new WrongAnswer(`${name}: ${statusCode} ${text.slice(0, 200)}`);
  }
}

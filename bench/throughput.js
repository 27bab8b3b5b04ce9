import { WrongAnswer } from './load.js';
import { startApiServer, startBackend, stopAll } from './processes.js';
import {
  comparisonHead,
  comparisonRow,
  describeThroughput,
  limitsTable,
} from './report.js';
import { inTurns } from './rounds.js';
import { signIn } from './signIn.js';
import { limits, proxyTarget } from './targets.js';
import { variants } from './variants.js';

const HEADLINE_CONNECTIONS = 32;
const CALLERS = [1, 10, 100];

/** Prints the answers per second of every variant, one of them under load at a time. */
export async function compareThroughput(options, print) {
  print(describeThroughput(options));
  try {
    const apiServer = await startApiServer();
    const backends = [];
    for (const variant of variants) {
      const backend = await startBackend(variant, apiServer);
      const tokens = await signInCallers(backend.url, Math.max(...CALLERS));
      backends.push({ ...backend, tokens });
    }

    print(comparisonHead());
    for (const { title, tokensOf } of loads(options)) {
      const targets = backends.map(backend =>
        proxyTarget(backend, tokensOf(backend)),
      );
      print(comparisonRow(title, await inTurns(targets, apiServer, options)));
    }
    // Afterwards: it would warm up one of the backends more than the others.
    const [stock] = backends;
    const alone = limits(apiServer, stock, HEADLINE_CONNECTIONS);
    print(limitsTable(await inTurns(alone, apiServer, options)));

    const { refused } = await apiServer.seen();
    if (refused > 0) {
      throw new WrongAnswer(`${refused} requests came without the token`);
    }
  } finally {
    await stopAll();
  }
}

function loads({ parts }) {
  const headline = {
    title: `1 caller, ${HEADLINE_CONNECTIONS} connections`,
    tokensOf: ({ tokens: [token] }) => Array(HEADLINE_CONNECTIONS).fill(token),
  };
  const callers = CALLERS.map(count => ({
    title: `${count} caller${count > 1 ? 's' : ''}, a connection each`,
    tokensOf: ({ tokens }) => tokens.slice(0, count),
  }));
  return [
    ...(parts.includes('headline') ? [headline] : []),
    ...(parts.includes('callers') ? callers : []),
  ];
}

async function signInCallers(backendUrl, count) {
  const tokens = [];
  for (let caller = 1; caller <= count; caller += 1) {
    tokens.push(await signIn(backendUrl, `caller-${caller}`));
  }
  return tokens;
}

import { parseArgs } from 'node:util';

const parts = ['headline', 'callers', 'watches'];

const usage = `npm run bench -- [--quick] [--seconds N] [--only ${parts.join('|')}]`;

/** What to run, from the command line. */
export function readOptions(args) {
  const { quick, seconds, only } = parse(args);
  const options = {
    parts: only === undefined ? parts : [only],
    // Many short rounds: what else the machine does then hits all sides alike.
    rounds: quick ? 3 : 8,
    seconds: Number(seconds ?? (quick ? 1 : 2)),
    warmUpSeconds: quick ? 3 : 5,
    watches: 1000,
    // Longer than an idle connection is kept, so that only what is really lost counts.
    settleSeconds: quick ? 5 : 35,
  };
  if (!(options.seconds > 0) || !options.parts.every(p => parts.includes(p))) {
    throw new Error(`Usage: ${usage}`);
  }
  return options;
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        seconds: { type: 'string' },
        only: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error.message}\nUsage: ${usage}`, { cause: error });
  }
}

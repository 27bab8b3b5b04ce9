import { readOptions } from './options.js';
import { describeMachine } from './report.js';
import { compareThroughput } from './throughput.js';
import { checkBuilt } from './variants.js';
import { compareAbandonedWatches } from './watches.js';

const print = line => process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  checkBuilt();
  print(describeMachine());
  if (options.parts.some(part => part !== 'watches')) {
    await compareThroughput(options, print);
  }
  if (options.parts.includes('watches')) {
    await compareAbandonedWatches(options, print);
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

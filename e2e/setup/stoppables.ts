import { constants } from 'node:os';

/** What the global setup started; the global teardown, in the same process, stops it in the opposite order. */
const stoppables: Array<() => Promise<void>> = [];

export function stopAtTheEnd(stop: () => Promise<void>): void {
  stoppables.push(stop);
}

export async function stopAll(): Promise<void> {
  const failures: unknown[] = [];
  while (stoppables.length > 0) {
    await stoppables
      .pop()?.()
      .catch(error => failures.push(error));
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, 'the suite could not clean up');
  }
}

/** Jest runs no teardown where a signal ends it. */
export function stopAllOnSignals(): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopAll()
        .catch(console.error)
        .finally(() => process.exit(128 + constants.signals[signal]));
    });
  }
}

/** Longer than a clean stop takes; what is still open then is cut off. */
const stopWithinMs = 2500;

/**
 * Stops once on Ctrl-C or SIGTERM, and exits with 0.
 *
 * In place of the framework's own listeners, to which a second signal means to
 * exit at once: under npm each Ctrl-C is two, the terminal's and npm's copy.
 */
export function stopOnSignals(stop: () => Promise<void>) {
  let stopping = false;
  const stopOnce = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    setTimeout(() => process.exit(0), stopWithinMs);
    stop().then(
      () => process.exit(0),
      error => {
        console.error('Did not stop cleanly:', error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, stopOnce);
  }
}

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stopAtTheEnd } from './stoppables';

const GRACE_MS = 15_000;

/** Ends the process, and awaits its end, when the suite is over. */
export function stopProcessAtTheEnd(child: ChildProcess): void {
  stopAtTheEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await exited;
    clearTimeout(impatience);
  });
}

import { measure } from './load.js';

/**
 * Measures the targets in turns, A, B, A, B, so that a noisy machine is unfair to none.
 *
 * @returns by the name of the target and in the order of the rounds, `rates` (answers per second) and
 *   `apiServerBusy` (the part of the time that the API server computed)
 */
export async function inTurns(targets, apiServer, options) {
  const { rounds, seconds, warmUpSeconds } = options;
  for (const target of targets) {
    await measure(target, warmUpSeconds);
  }
  const results = Object.fromEntries(
    targets.map(({ name }) => [name, { rates: [], apiServerBusy: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) {
      const before = await apiServer.seen();
      const start = performance.now();
      const { [target.name]: result } = results;
      result.rates.push(await measure(target, seconds));
      const elapsed = (performance.now() - start) / 1000;
      const { cpuSeconds } = await apiServer.seen();
      result.apiServerBusy.push((cpuSeconds - before.cpuSeconds) / elapsed);
    }
  }
  return results;
}

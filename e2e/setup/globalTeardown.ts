import { stopAll } from './stoppables';

export default async function globalTeardown(): Promise<void> {
  await stopAll();
}

import type { Manifest } from '../namespaces';

interface Command {
  /** As typed after `kubectl`; no argument has a space in it. */
  line: string;
  /** What `--filename=-` reads. */
  stdin?: string;
  /** What it exits with; 0 unless given. */
  exitCode?: number;
}

export interface Row {
  name: string;
  /** Objects that are there before. */
  given?: Manifest[];
  /** What `kubectl wait` waits for before. */
  until?: string;
  commands: Command[];
  /** Part of what the last command says. */
  says: string;
}

/** What `until` says of a deployment that has rolled out. */
export const AVAILABLE = '--for=condition=Available deployment/web';

import { readFile, stat } from 'fs/promises';

/**
 * A file that is replaced from time to time: a mounted CA bundle or service account token. It is looked at when it is
 * used and the last look is older than {@link RotatingFileOptions.checkInterval}; it is read only when it has changed.
 */
export interface RotatingFile {
  /**
   * The file's text. The last good one is kept while the file cannot be read or is empty, as when a mount is swapped.
   *
   * @throws Error when there was never any text to read
   */
  read(): Promise<string>;
}

export interface RotatingFileOptions {
  /** In milliseconds. Default 5 s. */
  readonly checkInterval?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export function createRotatingFile(
  path: string,
  {
    checkInterval = 5_000,
    now = () => performance.now(),
  }: RotatingFileOptions = {},
): RotatingFile {
  let text: string | undefined;
  let version = '';
  let checkedAt = -Infinity;
  let checking: Promise<void> | undefined;

  async function check(): Promise<void> {
    // Kubernetes swaps a symbolic link: the same time and size may belong to another inode.
    const { ino, mtimeMs, size } = await stat(path);
    const found = `${ino} ${mtimeMs} ${size}`;
    if (found !== version) {
      const read = await readFile(path, 'utf8');
      // Caught in the middle of being written. No text at all would mean to trust the system's authorities.
      if (read.trim() === '') {
        throw new Error(`${path} is empty`);
      }
      text = read;
      version = found;
    }
    checkedAt = now();
  }

  return {
    async read() {
      if (now() - checkedAt >= checkInterval) {
        checking ??= check().finally(() => {
          checking = undefined;
        });
        try {
          await checking;
        } catch (error) {
          if (text === undefined) {
            throw error;
          }
          checkedAt = now();
        }
      }
      return text!;
    },
  };
}

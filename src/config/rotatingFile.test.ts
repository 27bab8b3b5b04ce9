import { mkdtemp, rename, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { createRotatingFile } from './rotatingFile';

describe('createRotatingFile', () => {
  let directory: string;
  let path: string;
  let now = 0;
  const file = () =>
    createRotatingFile(path, { checkInterval: 1_000, now: () => now });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rotating-'));
    path = join(directory, 'token');
    now = 0;
  });

  afterEach(() => rm(directory, { recursive: true }));

  async function replace(text: string): Promise<void> {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  it('reads the file when it is first used', async () => {
    await replace('one');
    await expect(file().read()).resolves.toBe('one');
  });

  it('does not look at the file again before the interval is over', async () => {
    await replace('one');
    const rotating = file();
    await rotating.read();
    await replace('two');
    now = 999;
    await expect(rotating.read()).resolves.toBe('one');
  });

  it('sees a replaced file once the interval is over', async () => {
    await replace('one');
    const rotating = file();
    await rotating.read();
    await replace('two');
    now = 1_000;
    await expect(rotating.read()).resolves.toBe('two');
  });

  it('keeps the last text while the file is gone', async () => {
    await replace('one');
    const rotating = file();
    await rotating.read();
    await rm(path);
    now = 1_000;
    await expect(rotating.read()).resolves.toBe('one');
    await replace('two');
    now = 2_000;
    await expect(rotating.read()).resolves.toBe('two');
  });

  it('keeps the last text while the file is empty', async () => {
    await replace('one');
    const rotating = file();
    await rotating.read();
    await replace('\n');
    now = 1_000;
    await expect(rotating.read()).resolves.toBe('one');
  });

  it('fails when the file was empty from the start', async () => {
    await replace('');
    await expect(file().read()).rejects.toThrow('is empty');
  });

  it('fails when the file was never there, and recovers when it comes', async () => {
    const rotating = file();
    await expect(rotating.read()).rejects.toThrow('ENOENT');
    await replace('one');
    await expect(rotating.read()).resolves.toBe('one');
  });
});

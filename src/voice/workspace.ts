import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Gives `work` a folder of its own below `root` (mode 0700) and removes it with all that is in it, whatever happens.
 * What a killed process left there is removed by `clearWorkspaces` at the next start.
 */
export async function withWorkspace<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'voice-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only for a process that has the data folder for itself. */
export async function clearWorkspaces(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

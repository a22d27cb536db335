import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../../../errors.js';

/** The folder that programs work in, made where it is not there; nobody else may have made it in our place. */
export async function workingFolder(chosen: string | undefined): Promise<string> {
  if (chosen !== undefined) {
    await mkdir(chosen, { recursive: true, mode: 0o700 });
    return chosen;
  }
  const { uid } = userInfo();
  const folder = join(tmpdir(), `gramscribe-terminal-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) {
    throw new SetupError(`${folder} belongs to somebody else`, `remove ${folder}, or set TERMINAL_DIR`);
  }
  return folder;
}

import { readdir, readFile } from 'node:fs/promises';
import { isSource } from './check-package.js';
import { MANIFEST_NAME, isSafePath, packageLimits } from './package-limits.js';
import type { PackageParts } from './make-package.js';
import { PackageProblem } from './package-problem.js';
import { readPlainFile } from './read-package-folder.js';
import { z } from 'zod';

const ENTRY = 'module.js';

/** What belongs into the package of a folder that its author works in: JavaScript without tests, the readme, the licence. */
export async function collectFiles(folder: string): Promise<PackageParts> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new PackageProblem('folder', folder, { cause: error });
  });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length).replace(/^\/+/, ''))
    .filter(belongs)
    .sort();
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(path, await readPlainFile(folder, path, packageLimits.unpackedBytes));
  return { files, ...(await choices(folder)) };
}

function belongs(path: string): boolean {
  if (path.split('/').includes('node_modules') || /\.test\.m?js$/.test(path)) return false;
  return isSafePath(path) && (isSource(path) || /^(README|LICENSE)(\.\w+)?$/.test(path));
}

const chosen = z.object({ entry: z.string().default(ENTRY), network: z.array(z.string()).default([]) });

/** What only the manifest says: which file is the module, and which hosts it wants to reach. */
async function choices(folder: string): Promise<{ entry: string; network: string[] }> {
  const text = await readFile(`${folder}/${MANIFEST_NAME}`, 'utf8').catch(() => '{}');
  try {
    return chosen.parse(JSON.parse(text));
  } catch (error) {
    throw new PackageProblem('manifest', MANIFEST_NAME, { cause: error });
  }
}


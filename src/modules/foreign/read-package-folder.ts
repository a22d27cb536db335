import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readManifest } from './manifest.js';
import { MANIFEST_NAME, packageLimits } from './package-limits.js';
import { PackageProblem } from './package-problem.js';

/** The manifest of a folder and the files that it names; whatever else is in there is left alone. Links are not followed. */
export async function readPackageFolder(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const manifest = await readPlainFile(folder, MANIFEST_NAME, packageLimits.manifestBytes);
  files.set(MANIFEST_NAME, manifest);
  let left = packageLimits.unpackedBytes;
  for (const path of Object.keys(readManifest(manifest).files)) {
    const bytes = await readPlainFile(folder, path, left);
    left -= bytes.byteLength;
    files.set(path, bytes);
  }
  return files;
}

/** Rejects with `PackageProblem` where it is no file of the folder itself. */
export async function readPlainFile(folder: string, path: string, maxBytes: number): Promise<Uint8Array> {
  const root = await realpath(folder).catch((error: unknown) => problem('folder', folder, error));
  const place = await realpath(join(root, path)).catch((error: unknown) => problem(path === MANIFEST_NAME ? 'noManifest' : 'missing', path, error));
  if (place !== [root, ...path.split('/')].join(sep)) throw new PackageProblem('entryKind', path);
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => problem('missing', path, error));
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new PackageProblem('entryKind', path);
    if (facts.size > maxBytes) throw new PackageProblem('tooLarge', String(packageLimits.unpackedBytes));
    const bytes = Buffer.alloc(maxBytes < facts.size + 1 ? facts.size : facts.size + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function problem(code: 'folder' | 'missing' | 'noManifest', detail: string, cause: unknown): never {
  throw new PackageProblem(code, detail, { cause });
}

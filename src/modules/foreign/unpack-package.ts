import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { unpackTar } from 'modern-tar';
import { MANIFEST_NAME, isSafePath, packageLimits } from './package-limits.js';
import { PackageProblem } from './package-problem.js';

/** What is in a `.tar.gz`, in memory: nothing is written, so nothing in it can name a place on this machine. */
export async function unpackPackage(archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  if (archive.byteLength > packageLimits.archiveBytes) throw new PackageProblem('tooLarge', String(packageLimits.archiveBytes));
  const entries = (await untar(await unzip(archive))).filter(({ header }) => header.type !== 'directory');
  if (entries.length > packageLimits.files + 1) throw new PackageProblem('tooManyFiles', String(packageLimits.files));
  const files = new Map<string, Uint8Array>();
  for (const { header, data } of entries) {
    const path = header.name.replace(/^\.\//, '');
    if (header.type !== undefined && header.type !== 'file') throw new PackageProblem('entryKind', path);
    if (!isSafePath(path)) throw new PackageProblem('path', path);
    if (files.has(path)) throw new PackageProblem('twice', path);
    files.set(path, data ?? new Uint8Array());
  }
  return withoutTopFolder(files);
}

async function unzip(archive: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: packageLimits.unpackedBytes + packageLimits.files * 2048 });
  } catch (error) {
    const tooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLong ? new PackageProblem('tooLarge', String(packageLimits.unpackedBytes), { cause: error }) : new PackageProblem('noArchive', '', { cause: error });
  }
}

async function untar(bytes: Uint8Array): Promise<Awaited<ReturnType<typeof unpackTar>>> {
  try {
    return await unpackTar(bytes, { strict: true });
  } catch (error) {
    throw new PackageProblem('noArchive', '', { cause: error });
  }
}

/** `tar czf dice.tar.gz dice` puts a folder around everything. */
function withoutTopFolder(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  if (files.has(MANIFEST_NAME)) return files;
  const manifest = [...files.keys()].find((path) => path.endsWith(`/${MANIFEST_NAME}`) && path.split('/').length === 2);
  const top = manifest?.slice(0, -MANIFEST_NAME.length);
  if (top === undefined || ![...files.keys()].every((path) => path.startsWith(top))) return files;
  return new Map([...files].map(([path, data]) => [path.slice(top.length), data]));
}

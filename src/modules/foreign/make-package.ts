import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import { isSource, sha256Of } from './check-package.js';
import type { StartProgram } from './foreign-program.js';
import { describePackage } from './inspect-package.js';
import { CONTRACT_VERSION, type Manifest } from './manifest.js';
import { MANIFEST_NAME, type PackageFiles } from './package-limits.js';

export interface PackageParts {
  /** Without the manifest. */
  files: PackageFiles;
  entry: string;
  /** The hosts that the module wants to reach, which it does not say itself. */
  network: readonly string[];
}

/** The manifest of a package: what the module says of itself, and the hashes of its files. Rejects with `PackageProblem`. */
export async function makeManifest({ files, entry, network }: PackageParts, startProgram: StartProgram, signal: AbortSignal): Promise<Manifest> {
  const sources = Object.fromEntries([...files].filter(([path]) => isSource(path)).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
  const { name, version, about, uses } = await describePackage({ manifest: { entry }, sources }, startProgram, signal);
  const hashes = Object.fromEntries([...files].sort(([one], [other]) => (one < other ? -1 : 1)).map(([path, bytes]) => [path, sha256Of(bytes)]));
  return { contract: CONTRACT_VERSION, name, version, about, uses, network: [...network], entry, files: hashes };
}

/** As it is written: two spaces, a line end at the end. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** The `.tar.gz` of a package; the same files give the same bytes. */
export async function archiveOf(files: PackageFiles): Promise<Uint8Array> {
  const ordered = [...files].sort(([one], [other]) => Number(other === MANIFEST_NAME) - Number(one === MANIFEST_NAME) || (one < other ? -1 : 1));
  const entries = ordered.map(([name, bytes]) => ({ header: { name, size: bytes.byteLength, mode: 0o644, mtime: new Date(0) }, body: Uint8Array.from(bytes) }));
  return promisify(gzip)(await packTar(entries), { level: 9 });
}

import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { init, parse } from 'es-module-lexer/minimal';
import { readManifest, type Manifest } from './manifest.js';
import { MANIFEST_NAME, packageLimits, type PackageFiles } from './package-limits.js';
import { PackageProblem } from './package-problem.js';

/** What a module may import beside files of its own package. */
export const MODULE_API = 'gramscribe/module';

/** A package whose every file is what its manifest says; nothing of it has run. */
export interface CheckedPackage {
  manifest: Manifest;
  /** The manifest's own hash, and so that of the whole package. */
  sha256: string;
  /** Everything, the manifest included, as it came. */
  files: PackageFiles;
  /** The JavaScript among them: path → text. */
  sources: Readonly<Record<string, string>>;
}

/** Rejects with `PackageProblem`, which names the first file that is not as it should be. */
export async function checkPackage(files: PackageFiles): Promise<CheckedPackage> {
  const manifestBytes = files.get(MANIFEST_NAME);
  if (manifestBytes === undefined) throw new PackageProblem('noManifest', MANIFEST_NAME);
  const manifest = readManifest(manifestBytes);
  checkHashes(manifest, files);
  const sources = Object.fromEntries(Object.keys(manifest.files).filter(isSource).map((path) => [path, textOf(path, files)]));
  await checkImports(manifest, sources);
  return { manifest, sha256: sha256Of(manifestBytes), files, sources };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function isSource(path: string): boolean {
  return /\.m?js$/.test(path);
}

function checkHashes(manifest: Manifest, files: PackageFiles): void {
  let total = 0;
  for (const [path, bytes] of files) {
    total += bytes.byteLength;
    if (path !== MANIFEST_NAME && !Object.hasOwn(manifest.files, path)) throw new PackageProblem('extra', path);
  }
  if (total > packageLimits.unpackedBytes) throw new PackageProblem('tooLarge', String(packageLimits.unpackedBytes));
  for (const [path, wanted] of Object.entries(manifest.files)) {
    const bytes = files.get(path);
    if (bytes === undefined) throw new PackageProblem('missing', path);
    if (sha256Of(bytes) !== wanted) throw new PackageProblem('hash', path);
  }
}

function textOf(path: string, files: PackageFiles): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(files.get(path));
  } catch (error) {
    throw new PackageProblem('syntax', path, { cause: error });
  }
}

/**
 * The boundary would refuse a foreign import too, when it comes to it; here the person is told before anything runs. Only
 * what the entry reaches is looked at: a package may carry its test.
 */
async function checkImports(manifest: Manifest, sources: CheckedPackage['sources']): Promise<void> {
  await init();
  const seen = new Set<string>();
  const open = [manifest.entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const source = Object.hasOwn(sources, path) ? sources[path] : undefined;
    if (source === undefined) throw new PackageProblem('missing', path);
    open.push(...importsOf(path, source));
  }
}

/** Files of the package that a source imports. */
export function importsOf(path: string, source: string): string[] {
  const own: string[] = [];
  for (const { n: specifier, d } of parsed(path, source)) {
    if (d === -2) continue; // import.meta
    if (specifier === MODULE_API) continue;
    if (specifier === undefined || !/^\.\.?\//.test(specifier)) throw new PackageProblem('import', `${path}: ${specifier ?? 'import(…)'}`);
    own.push(posix.join(posix.dirname(path), specifier));
  }
  return own;
}

function parsed(path: string, source: string): ReturnType<typeof parse>[0] {
  try {
    return parse(source)[0];
  } catch (error) {
    throw new PackageProblem('syntax', path, { cause: error });
  }
}

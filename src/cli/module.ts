import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Texts } from '../i18n/texts.js';
import { startConfinedProgram } from '../modules/boundary/start-confined-program.js';
import { checkPackage } from '../modules/foreign/check-package.js';
import { collectFiles } from '../modules/foreign/collect-files.js';
import { tryModule } from '../modules/foreign/harness/try-module.js';
import { ForeignModuleError } from '../modules/foreign/foreign-module-error.js';
import { archiveOf, makeManifest, manifestBytes } from '../modules/foreign/make-package.js';
import { moduleName, readManifest } from '../modules/foreign/manifest.js';
import { newModuleFiles } from '../modules/foreign/new-module.js';
import { describePackage, requireHonest } from '../modules/foreign/inspect-package.js';
import { asksOf } from '../modules/foreign/offer.js';
import { MANIFEST_NAME } from '../modules/foreign/package-limits.js';
import { PackageProblem } from '../modules/foreign/package-problem.js';
import { readPackageFolder } from '../modules/foreign/read-package-folder.js';

export interface ModuleCommandDependencies {
  texts: Texts['foreignModules'];
  print: (line: string) => void;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** `module new NAME`: a folder with a module that works, its test, and a link to this program for its types and the harness. */
export async function newModule(path: string, { texts, print }: ModuleCommandDependencies): Promise<number> {
  const folder = resolve(path);
  const name = basename(folder);
  if (!moduleName.safeParse(name).success) {
    print(texts.shell.badName(name));
    return 1;
  }
  try {
    await mkdir(folder);
  } catch (error) {
    print(texts.shell.cannotMake(folder, error instanceof Error && 'code' in error ? String(error.code) : ''));
    return 1;
  }
  for (const [file, text] of Object.entries(newModuleFiles(name, ROOT))) await writeFile(join(folder, file), text);
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'gramscribe'), 'dir');
  print(texts.shell.made(folder));
  return 0;
}

/** `module pack FOLDER`: writes the manifest with the hashes, and the archive beside it. */
export async function packModule(path: string, deps: ModuleCommandDependencies, signal: AbortSignal): Promise<number> {
  return inWords(deps, async ({ texts, print }) => {
    const folder = resolve(path);
    await (await tryModule(folder)).stop();
    const parts = await collectFiles(folder);
    const manifest = await makeManifest(parts, startConfinedProgram, signal);
    const bytes = manifestBytes(manifest);
    readManifest(bytes);
    const files = new Map([[MANIFEST_NAME, bytes], ...parts.files]);
    const pack = await checkPackage(files);
    const archive = join(folder, `${manifest.name}-${manifest.version}.tar.gz`);
    await writeFile(join(folder, MANIFEST_NAME), bytes);
    await writeFile(archive, await archiveOf(files));
    print(texts.shell.packed(archive, pack.sha256));
  });
}

/** `module check FOLDER`: whether it would be let in as it lies there, and what its owner would be asked. */
export async function checkModuleFolder(path: string, deps: ModuleCommandDependencies, signal: AbortSignal): Promise<number> {
  return inWords(deps, async ({ texts, print }) => {
    const folder = resolve(path);
    await (await tryModule(folder)).stop();
    const pack = await checkPackage(await readPackageFolder(folder));
    const description = await describePackage(pack, startConfinedProgram, signal);
    requireHonest(pack, description);
    const asks = asksOf({ uses: description.uses, hosts: pack.manifest.network, watchers: description.watchers }, texts);
    print(texts.shell.fine(description.name, description.version));
    for (const line of asks.length === 0 ? [texts.nothing] : asks) print(`  • ${line}`);
  });
}

async function inWords(deps: ModuleCommandDependencies, work: (deps: ModuleCommandDependencies) => Promise<void>): Promise<number> {
  try {
    await work(deps);
    return 0;
  } catch (error) {
    if (error instanceof PackageProblem) deps.print(error.inWords(deps.texts));
    else if (error instanceof ForeignModuleError) deps.print(deps.texts.problems.definition(error.detail === '' ? error.message : `${error.message}: ${error.detail}`));
    else throw error;
    return 1;
  }
}

import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkPackage, type CheckedPackage } from './check-package.js';
import { PackageProblem } from './package-problem.js';
import type { PinnedModule } from './pinned-module.js';
import { readPackageFolder } from './read-package-folder.js';

/** The packages that were let in: `FOLDER/NAME/VERSION`, readable by nobody but the daemon's own user. */
export class PackageStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whole or not at all; what was there of that version is replaced. */
  async save({ manifest, files }: CheckedPackage): Promise<void> {
    const { name, version } = manifest;
    await mkdir(join(this.#folder, name), { recursive: true, mode: 0o700 });
    const made = await mkdtemp(join(this.#folder, name, '.new-'));
    try {
      for (const [path, bytes] of files) {
        await mkdir(dirname(join(made, path)), { recursive: true, mode: 0o700 });
        await writeFile(join(made, path), bytes, { mode: 0o600, flag: 'wx' });
      }
      await rm(join(this.#folder, name, version), { recursive: true, force: true });
      await rename(made, join(this.#folder, name, version));
    } catch (error) {
      await rm(made, { recursive: true, force: true });
      throw error;
    }
  }

  /** Rejects with `PackageProblem` where one byte is not what was pinned. */
  async load({ name, version, sha256 }: Pick<PinnedModule, 'name' | 'version' | 'sha256'>): Promise<CheckedPackage> {
    const pack = await checkPackage(await readPackageFolder(join(this.#folder, name, version)));
    if (pack.sha256 !== sha256) throw new PackageProblem('hash', 'gramscribe-module.json');
    return pack;
  }

  /** All versions but that one; without a version everything of the module. */
  async prune(name: string, keep?: string): Promise<void> {
    if (keep === undefined) return rm(join(this.#folder, name), { recursive: true, force: true });
    const versions = await readdir(join(this.#folder, name));
    for (const version of versions.filter((one) => one !== keep)) await rm(join(this.#folder, name, version), { recursive: true, force: true });
  }
}

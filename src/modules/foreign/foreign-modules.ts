import { resolve, sep } from 'node:path';
import { realpath } from 'node:fs/promises';
import type { Texts } from '../../i18n/texts.js';
import type { Logger } from '../../log/logger.js';
import type { ConfinementLimits } from '../boundary/confined-program.js';
import type { Capability } from '../contract/capabilities.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ModuleDirectory, ModuleState } from '../host/module-directory.js';
import { filterProblems, problemsOf } from '../host/check-module.js';
import { oneLine } from '../one-line.js';
import { checkPackage, type CheckedPackage } from './check-package.js';
import type { ForeignDescription } from './foreign-description.js';
import { brokenModule, foreignModule } from './foreign-module.js';
import type { ForeignModuleDependencies } from './foreign-module-dependencies.js';
import type { StartProgram } from './foreign-program.js';
import type { ForeignRun, ForeignUsage } from './foreign-run.js';
import { describePackage, requireHonest } from './inspect-package.js';
import type { Manifest } from './manifest.js';
import type { ModuleOffer } from './offer.js';
import { PackageProblem } from './package-problem.js';
import type { PackageStore } from './package-store.js';
import type { PinnedModule } from './pinned-module.js';
import { readPackageFolder } from './read-package-folder.js';
import type { ShownChatStore } from './shown-chats.js';
import { unpackPackage } from './unpack-package.js';

/** Where it is written down what was let in (`ForeignModuleStore`). */
export interface PinStore {
  list(): Promise<Map<string, PinnedModule | undefined>>;
  save(name: string, pinned: PinnedModule): Promise<void>;
  remove(name: string): Promise<void>;
  /** What was kept in its name: its store, its settings, the chats that it was shown. */
  forgetData(name: string): Promise<void>;
  shownChats(name: string): ShownChatStore;
}

export interface ForeignModulesDependencies {
  directory: Pick<ModuleDirectory, 'find' | 'add' | 'remove' | 'halt' | 'list'>;
  pins: PinStore;
  packages: PackageStore;
  startProgram: StartProgram;
  /** For tests. */
  limits?: ConfinementLimits | undefined;
  restAfterMs?: number | undefined;
  /** The folder on this machine from which modules may be loaded by their path; undefined: none. */
  allowedFolder?: string | undefined;
  /** What the account's owner reads. */
  language: () => ModuleLanguage;
  /** Tells the owner, in Saved Messages. */
  tell: (text: string) => void;
  texts: (language: ModuleLanguage) => Texts['foreignModules'];
  nowMs: () => number;
  log: Logger;
}

export interface ForeignModuleInfo {
  pinned: PinnedModule;
  usage: ForeignUsage | undefined;
  residentBytes: number | undefined;
  errors: number;
  /** Undefined where it could not even be listed. */
  state: ModuleState | undefined;
  why: string | undefined;
  /** Its process went, since nobody used it, and comes back with its next command. */
  isResting: boolean;
  /** Of its newest start. */
  startedAtMs: number | undefined;
  /** As it lies on the disk, all that it names checked against its hashes; else what is wrong there. */
  manifest: Manifest | PackageProblem;
}

interface FailedUpdate {
  before: PinnedModule | undefined;
  /** Its package, where that had the same version. */
  replaced: CheckedPackage | PackageProblem | undefined;
  failed: PinnedModule;
}

/** Each has a process of its own, of about 60 MB. */
export const MAX_FOREIGN_MODULES = 8;

/** The modules of somebody else that an account's owner let in. */
export class ForeignModules {
  readonly #deps: ForeignModulesDependencies;
  readonly #runs = new Map<string, ForeignRun>();

  constructor(deps: ForeignModulesDependencies) {
    this.#deps = deps;
  }

  /** All that were let in, as they were then; one that is not is listed with the reason, and keeps no other from starting. */
  async start(signal: AbortSignal): Promise<void> {
    for (const [name, pinned] of await this.#deps.pins.list()) {
      signal.throwIfAborted();
      if (pinned === undefined) this.#deps.log.warn({ module: name }, 'what was written down of a module of somebody else cannot be read; it stays off');
      else await this.#startPinned(pinned, signal);
    }
  }

  /** Looks at a package without letting it in. `CommandRefusal`: what is wrong with it, in the language that is given. */
  async inspect(source: { archive: Uint8Array } | { folder: string }, language: ModuleLanguage, signal: AbortSignal): Promise<ModuleOffer> {
    const { pins, startProgram, directory } = this.#deps;
    const texts = this.#deps.texts(language);
    return inWords(texts, async () => {
      const pack = await checkPackage('archive' in source ? await unpackPackage(source.archive) : await readPackageFolder(await this.#allowed(source.folder)));
      if (directory.find(pack.manifest.name)?.origin === 'builtin') throw new PackageProblem('builtin', pack.manifest.name);
      const description = await describePackage(pack, startProgram, signal);
      requireHonest(pack, description);
      this.#requireFitting(pack, description);
      const known = await pins.list();
      const before = known.get(pack.manifest.name);
      if (before === undefined && known.size >= MAX_FOREIGN_MODULES) throw new CommandRefusal(texts.tooMany(known.size));
      return { pack, description, ...(before !== undefined && { before }) };
    });
  }

  /** Lets it in: stores it, pins it and starts it. Rejects with `CommandRefusal` where it does not start; nothing is kept of it then. */
  async load(offer: ModuleOffer, signal: AbortSignal): Promise<void> {
    const { pack, description, before } = offer;
    const { pins, packages, directory, nowMs } = this.#deps;
    const { name, version } = pack.manifest;
    const pinned = pinOf(pack, description, nowMs());
    // On the disk the same version takes its place.
    const replaced = before?.version === version ? await this.#packageOf(before) : undefined;
    await packages.save(pack);
    await pins.save(name, pinned);
    try {
      await this.#add(pack, pinned, signal);
      await packages.prune(name, version);
    } catch (error) {
      if (directory.find(name) !== undefined) await directory.remove(name);
      await this.#restore({ before, replaced, failed: pinned }, signal);
      throw error;
    }
  }

  /** Stops it and forgets it with all that it stored. False where there is none of that name. */
  async unload(name: string): Promise<boolean> {
    const { pins, packages, directory } = this.#deps;
    if (!(await pins.list()).has(name)) return false;
    if (directory.find(name)?.origin === 'foreign') await directory.remove(name);
    this.#runs.delete(name);
    await pins.remove(name);
    await pins.forgetData(name);
    await packages.prune(name);
    return true;
  }

  /** Takes back what it was granted, for good; it is started anew. False where it has no such grant, or is not there. */
  async revoke(name: string, capability: Capability, signal: AbortSignal): Promise<boolean> {
    const pinned = (await this.#deps.pins.list()).get(name);
    if (pinned === undefined || !pinned.granted.includes(capability)) return false;
    const less = { ...pinned, granted: pinned.granted.filter((one) => one !== capability), hosts: capability === 'network' ? [] : pinned.hosts };
    await this.#deps.pins.save(name, less);
    await this.#startPinned(less, signal);
    return true;
  }

  async names(): Promise<string[]> {
    return [...(await this.#deps.pins.list()).keys()].sort();
  }

  async info(name: string): Promise<ForeignModuleInfo | undefined> {
    const pinned = (await this.#deps.pins.list()).get(name);
    if (pinned === undefined) return undefined;
    const run = this.#runs.get(name);
    const listed = this.#deps.directory.find(name);
    return {
      pinned,
      usage: run?.usage(),
      residentBytes: await run?.residentBytes(),
      errors: listed?.errors ?? 0,
      state: listed?.state,
      why: listed?.why,
      isResting: run?.isResting === true,
      startedAtMs: run?.startedAtMs,
      manifest: await this.#manifestOf(pinned),
    };
  }

  async #manifestOf(pinned: PinnedModule): Promise<Manifest | PackageProblem> {
    const pack = await this.#packageOf(pinned);
    return pack instanceof PackageProblem ? pack : pack.manifest;
  }

  /** As it lies on the disk, or what is wrong there. */
  async #packageOf(pinned: PinnedModule): Promise<CheckedPackage | PackageProblem> {
    try {
      return await this.#deps.packages.load(pinned);
    } catch (error) {
      if (error instanceof PackageProblem) return error;
      throw error;
    }
  }

  async #startPinned(pinned: PinnedModule, signal: AbortSignal): Promise<void> {
    const { packages, directory, texts, log } = this.#deps;
    const { name } = pinned;
    try {
      await this.#add(await packages.load(pinned), pinned, signal);
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, module: name }, 'a module of somebody else was not started');
      if (!(error instanceof PackageProblem)) return;
      const why = (language: ModuleLanguage): string => texts(language).notTheSame(error.inWords(texts(language)));
      await directory.add(brokenModule(pinned, why), signal).catch((refusal: unknown) => log.debug({ err: refusal, module: name }, 'it is listed as one that did not start'));
      const language = this.#deps.language();
      this.#deps.tell(texts(language).notStarted(pinned.description.about[language].title, why(language)));
    }
  }

  async #add(files: Parameters<typeof foreignModule>[0], pinned: PinnedModule, signal: AbortSignal): Promise<void> {
    const { module, run } = foreignModule(files, pinned, this.#partsFor(pinned.name));
    this.#runs.set(pinned.name, run);
    await this.#deps.directory.add(module, signal);
  }

  #partsFor(name: string): ForeignModuleDependencies {
    const { directory, pins, startProgram, limits, restAfterMs, texts, language, nowMs, log } = this.#deps;
    return { startProgram, limits, restAfterMs, shownChats: pins.shownChats(name), halt: (why) => directory.halt(name, why(texts(language()))), texts, nowMs, log };
  }

  /** The same that the host asks of every module when it is added, before anybody is asked to let it in. */
  #requireFitting(pack: CheckedPackage, description: ForeignDescription): void {
    const { directory, nowMs } = this.#deps;
    const { name } = pack.manifest;
    const { module } = foreignModule(pack, pinOf(pack, description, nowMs()), this.#partsFor(name));
    const others = directory.list().map((listed) => listed.module);
    // What a text has to match runs inside, so the module as the host sees it has none of it.
    const filters = description.watchers.flatMap((watcher) => filterProblems(watcher as Parameters<typeof filterProblems>[0]));
    const [problem] = [...problemsOf(module, others.filter((other) => other.name !== name)), ...filters];
    if (problem !== undefined) throw new PackageProblem('definition', problem);
  }

  /** An update that does not start leaves what was there before, unless that was damaged. */
  async #restore({ before, replaced, failed }: FailedUpdate, signal: AbortSignal): Promise<void> {
    const { pins, packages } = this.#deps;
    if (before === undefined || replaced instanceof PackageProblem) {
      await pins.remove(failed.name);
      await packages.prune(failed.name);
      return;
    }
    if (replaced !== undefined) await packages.save(replaced);
    await pins.save(before.name, before);
    await packages.prune(before.name, before.version);
    await this.#startPinned(before, signal);
  }

  /** A path that is not absolute is one below the folder that the host allows. */
  async #allowed(folder: string): Promise<string> {
    const { allowedFolder } = this.#deps;
    if (allowedFolder === undefined) throw new PackageProblem('noFolder');
    const isBelow = (path: string, root: string): boolean => path.startsWith(`${root}${sep}`);
    const wanted = resolve(allowedFolder, folder);
    // What lies elsewhere is not even looked for.
    if (!isBelow(wanted, resolve(allowedFolder))) throw new PackageProblem('notAllowed', allowedFolder);
    const [root = '', place = ''] = await Promise.all([allowedFolder, wanted].map((path) => realpath(path).catch((error: unknown) => failed(oneLine(path, 100), error))));
    if (!isBelow(place, root)) throw new PackageProblem('notAllowed', allowedFolder);
    return place;
  }
}

function pinOf({ manifest, sha256 }: CheckedPackage, description: ForeignDescription, loadedAtMs: number): PinnedModule {
  const { name, version, network } = manifest;
  return { name, version, sha256, granted: description.uses, hosts: network, description, loadedAtMs };
}

function failed(path: string, cause: unknown): never {
  throw new PackageProblem('folder', path, { cause });
}

async function inWords<T>(texts: Texts['foreignModules'], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PackageProblem) throw new CommandRefusal(error.inWords(texts), { cause: error });
    throw error;
  }
}

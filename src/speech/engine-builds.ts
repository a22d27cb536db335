import { RetryableError, causeText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { waitAtMost } from './wait-at-most.js';

/** A build of the engine on this machine. */
export interface EngineProgram {
  /** The program `whisper-server`. */
  serverPath: string;
  /** Of whisper.cpp. */
  version: string;
  /** How it was compiled. */
  profile: string;
}

export interface Distrust {
  reason: string;
  /** Whether there can be no doubt about it. Otherwise the build is tried on known clips before it is given up. */
  certain: boolean;
}

/** Gives the build to use in place of `bad`; compiles it where there is none yet, which takes minutes. */
export type ReplaceBuild = (bad: EngineProgram, distrust: Distrust, signal: AbortSignal) => Promise<EngineProgram>;

export interface EngineBuildsOptions {
  first: EngineProgram;
  /** Absent where the program cannot build any: in an image, or with a build of the owner's own. */
  replace?: ReplaceBuild | undefined;
  log: Logger;
  /** Any clock that never steps. */
  nowMs?: () => number;
}

/** Where there is a build already, it is there at once; a job need not be put back for that. */
const WAIT_IN_PLACE_MS = 5000;
const WHILE_BUILDING_MS = 45_000;
/** Until the engine is tried again although it did not run: its owner may have mended something. */
const AFTER_FAILURE_MS = 600_000;
const NONE_CAN_BE_MADE =
  'This engine has instructions that this CPU, or its hypervisor, does not carry out, and none can be compiled here. ' +
  'Set GRAMSCRIBE_ENGINE_DIR to one that was built on this machine, or run the program outside the image: npm start builds it.';

/** Which build of the engine is used; one that does not run here is replaced while the daemon goes on. */
export class EngineBuilds {
  #current: EngineProgram;
  #replacing: Promise<void> | undefined;
  #trouble: { text: string; untilMs: number } | undefined;
  /** Was looked into, and found innocent: what went wrong is not its fault. */
  #isCleared = false;
  readonly #life = new AbortController();

  constructor(private readonly options: EngineBuildsOptions) {
    this.#current = options.first;
  }

  get current(): EngineProgram {
    return this.#current;
  }

  /** Why there is no engine to use now; undefined where there is one. */
  get trouble(): string | undefined {
    if (this.#replacing !== undefined) return 'a build that runs on this machine is being made';
    return this.#trouble !== undefined && this.#now() < this.#trouble.untilMs ? this.#trouble.text : undefined;
  }

  /** Takes note that `program` does not run here and begins to see to another one. Answers whether anything comes of it. */
  distrust(program: EngineProgram, because: Distrust): boolean {
    if (program !== this.#current || this.#replacing !== undefined) return true;
    if (this.#isCleared && !because.certain) return false;
    const { log, replace } = this.options;
    if (replace === undefined) {
      if (!because.certain) return false;
      log.error({ reason: because.reason, build: program.profile }, `the speech engine does not run on this machine. ${NONE_CAN_BE_MADE}`);
      this.#fail(because.reason);
      return true;
    }
    log.warn({ reason: because.reason, build: program.profile }, 'this build of the speech engine does not run here; another one is seen to, voices wait');
    this.#replacing = this.#replace(replace, because).finally(() => (this.#replacing = undefined));
    return true;
  }

  /** The build to start now. @throws RetryableError while there is none */
  async usable(signal: AbortSignal): Promise<EngineProgram> {
    if (this.#replacing !== undefined) await waitAtMost(this.#replacing, WAIT_IN_PLACE_MS, signal);
    const { trouble } = this;
    if (trouble !== undefined) throw new RetryableError(`the engine cannot work now: ${trouble}`, this.#waitMs());
    return this.#current;
  }

  /** Resolves when nothing is being built any more, whatever came of it. */
  async settled(signal: AbortSignal): Promise<void> {
    while (this.#replacing !== undefined) await waitAtMost(this.#replacing, WHILE_BUILDING_MS, signal);
  }

  /** Ends what is being built. */
  async stop(): Promise<void> {
    this.#life.abort(new RetryableError('the engine has been stopped'));
    await this.#replacing;
  }

  async #replace(replace: ReplaceBuild, because: Distrust): Promise<void> {
    const { log } = this.options;
    const before = this.#current;
    try {
      const next = await replace(before, because, this.#life.signal);
      this.#isCleared = next.serverPath === before.serverPath;
      if (this.#isCleared) log.info({ build: next.profile }, 'the build of the speech engine is right after all');
      else log.info({ from: before.profile, to: next.profile }, 'another build of the speech engine is in use');
      this.#current = next;
      this.#trouble = undefined;
    } catch (error) {
      if (this.#life.signal.aborted) return;
      log.error({ err: error }, 'no build of the speech engine runs on this machine: npm run doctor says what is missing');
      this.#fail(causeText(error));
    }
  }

  #fail(text: string): void {
    this.#trouble = { text, untilMs: this.#now() + AFTER_FAILURE_MS };
  }

  #waitMs(): number {
    return this.#replacing === undefined ? AFTER_FAILURE_MS : WHILE_BUILDING_MS;
  }

  #now(): number {
    return this.options.nowMs?.() ?? performance.now();
  }
}

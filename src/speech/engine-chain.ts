import { errorText, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Engine, EngineAbilities, EngineRequest, EngineResult } from './engine.js';
import type { EngineState } from './engine-state.js';
import { afterFailure, askingOrder, GOOD_STANDING, type EngineStanding } from './fall-back-policy.js';

export interface EngineChainDependencies {
  /** In the order in which they are asked. */
  engines: readonly [Engine, Engine, ...Engine[]];
  log: Logger;
  /** A clock that never steps. */
  nowMs: () => number;
}

interface Link {
  engine: Engine;
  standing: EngineStanding;
}

/**
 * Several engines as one: the first is asked, and where it cannot, the next (`src/speech/fall-back-policy.ts` decides). Name, model
 * and abilities are those of the engine that would be asked now; each result names who made it. An abort is never a reason to
 * ask another.
 */
export class EngineChain implements Engine {
  private readonly links: readonly [Link, ...Link[]];
  private lastUsed: Engine;
  private stopped = false;

  constructor(private readonly deps: EngineChainDependencies) {
    const [first, ...others] = deps.engines.map((engine): Link => ({ engine, standing: GOOD_STANDING }));
    if (first === undefined) throw new TypeError('a chain without engines');
    this.links = [first, ...others];
    this.lastUsed = first.engine;
  }

  get name(): string {
    return this.current.name;
  }

  get model(): string {
    return this.current.model;
  }

  get abilities(): EngineAbilities {
    return this.current.abilities;
  }

  get loaded(): boolean {
    return this.current.loaded;
  }

  /** Engines that others are asked before, for now, in the owner's order. */
  get resting(): string[] {
    const nowMs = this.deps.nowMs();
    return this.links.filter(({ standing }) => standing.restsUntilMs > nowMs).map(({ engine }) => engine.name);
  }

  async state(): Promise<EngineState> {
    const { current, resting } = this;
    const { name: engine, model, loaded } = current;
    return { ...((await current.state?.()) ?? { engine, model, loaded }), ...(resting.length > 0 && { resting }) };
  }

  /** Trouble is where none of them could do it. */
  async trouble(): Promise<string | undefined> {
    const troubles = await Promise.all(
      this.links.map(async ({ engine }) => {
        const trouble = await engine.trouble();
        return trouble === undefined ? undefined : `${engine.name}: ${trouble}`;
      }),
    );
    return troubles.includes(undefined) ? undefined : troubles.join('; ');
  }

  async transcribe(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    const order = askingOrder(this.links.map(({ standing }) => standing), this.deps.nowMs());
    let first: { error: unknown } | undefined;
    for (const index of order) {
      const link = this.links[index] ?? this.links[0];
      try {
        const result = await link.engine.transcribe(request, signal);
        this.answered(link);
        return { madeBy: { engine: link.engine.name, model: link.engine.model }, ...result };
      } catch (error) {
        if (signal.aborted || this.stopped) throw error;
        first ??= { error };
        if (!this.failed(link, error)) throw error;
      }
    }
    // What the preferred engine said; if waiting helps one of them, it helps.
    throw (first?.error ?? new RetryableError('no engine could be asked')) as Error;
  }

  /** All that have this model take it; `SetupError` where none does, and then nothing changed. */
  async useModel(model: string, signal: AbortSignal): Promise<void> {
    const refusals: unknown[] = [];
    for (const { engine } of this.links) await engine.useModel(model, signal).catch((error: unknown) => refusals.push(error));
    signal.throwIfAborted();
    if (refusals.length === this.links.length) throw refusals[0] as Error;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.links.map(({ engine }) => engine.stop()));
  }

  private get current(): Engine {
    const [index = 0] = askingOrder(this.links.map(({ standing }) => standing), this.deps.nowMs());
    return (this.links[index] ?? this.links[0]).engine;
  }

  private answered(link: Link): void {
    link.standing = GOOD_STANDING;
    if (this.lastUsed === link.engine) return;
    this.deps.log.info({ from: this.lastUsed.name, to: link.engine.name }, 'another speech engine does the work now');
    this.lastUsed = link.engine;
  }

  /** Whether the next engine is to be asked for the same sound. */
  private failed(link: Link, error: unknown): boolean {
    const nowMs = this.deps.nowMs();
    const { standing, next } = afterFailure(link.standing, error, nowMs);
    link.standing = standing;
    if (standing.restsUntilMs > nowMs) {
      const restS = Math.round((standing.restsUntilMs - nowMs) / 1000);
      this.deps.log.warn({ engine: link.engine.name, cause: errorText(error), restS }, 'a speech engine cannot work: others are asked before it for now');
    }
    return next;
  }
}

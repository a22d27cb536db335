import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** What keeps running by itself once it was begun. */
const KINDS = new Set(['Timeout', 'Immediate', 'PROCESSWRAP', 'PIPEWRAP', 'TCPWRAP', 'TCPSERVERWRAP', 'FSEVENTWRAP', 'STATWATCHER', 'WORKER', 'MESSAGEPORT']);

interface Resource {
  hasRef?: () => boolean;
  /** Of timers: how often an interval comes round. */
  _repeat?: number | null;
}

/** Notes the timers, processes and connections that are begun within some work, wherever in it, until they have ended. */
export class BegunResources {
  readonly #within = new AsyncLocalStorage<true>();
  readonly #alive = new Map<number, { kind: string; resource: Resource }>();
  readonly #hook = createHook({
    init: (id, kind, _trigger, resource) => {
      if (KINDS.has(kind) && this.#within.getStore() === true) this.#alive.set(id, { kind, resource });
    },
    destroy: (id) => this.#alive.delete(id),
  });

  during<T>(work: () => Promise<T>): Promise<T> {
    this.#hook.enable();
    return this.#within.run(true, work);
  }

  /** The kinds of those that have not ended. A deadline that keeps nobody alive and does nothing else (`AbortSignal.timeout`) is none. */
  left(): string[] {
    const counts = ({ kind, resource }: { kind: string; resource: Resource }): boolean => kind !== 'Timeout' || typeof resource._repeat === 'number' || resource.hasRef?.() !== false;
    return [...this.#alive.values()].filter(counts).map(({ kind }) => kind);
  }

  end(): void {
    this.#hook.disable();
  }
}

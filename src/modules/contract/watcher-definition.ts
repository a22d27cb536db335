import type { ModuleMessage } from './module-message.js';

/** Which messages a watcher sees. Plain data, compiled to one predicate; every condition that is given has to hold. */
export interface WatcherFilter {
  readonly direction?: 'incoming' | 'outgoing';
  readonly chatKinds?: readonly ModuleMessage['chatKind'][];
  /** Keys of chats: `u1`, `g1`, `c1`. */
  readonly chats?: readonly string[];
  /** Ids of senders. */
  readonly from?: readonly string[];
  /** `none`: text alone; `any`: whatever it is; or kinds of voice. */
  readonly media?: 'none' | 'any' | readonly ('voice' | 'video-note' | 'audio' | 'video')[];
  /** Case counts in none of them. */
  readonly text?: { readonly startsWith?: string; readonly endsWith?: string; readonly contains?: string; readonly matches?: string };
  /** Default: `without`. */
  readonly edits?: 'without' | 'with' | 'only';
  /** Default: `with`. */
  readonly forwards?: 'without' | 'with' | 'only';
  readonly replies?: 'without' | 'only';
}

export interface WatcherDefinition<Ctx = never> {
  /** Unique in the module; what the owner reads where it is switched off. */
  readonly name: string;
  readonly filter: WatcherFilter;
  /**
   * A last condition, on what fits the filter; asked at once, so it has to be quick. A watcher that has it misses nothing that it
   * wants: what comes while it is busy waits for its turn. (That of a module of somebody else is asked in the module's process, and
   * what comes while that is busy is missed.)
   */
  readonly wants?: (message: ModuleMessage, ctx: Ctx) => boolean;
  run(message: ModuleMessage, ctx: Ctx, signal: AbortSignal): Promise<void>;
}

export type AnyWatcher = WatcherDefinition;

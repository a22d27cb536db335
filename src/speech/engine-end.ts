import { RetryableError } from '../errors.js';

/** Why a process of the engine is no more, where that was not planned. */
export type EndCause =
  | 'crash'
  /** It gave no answer in time, and we ended it. */
  | 'hang'
  /** SIGKILL from elsewhere: mostly the kernel, for want of memory, where it does not tell. */
  | 'killed'
  | 'out-of-memory'
  /** The build has instructions that this CPU, or its hypervisor, does not carry out. */
  | 'illegal-instruction'
  /** It had taken more and more memory, and we ended it. */
  | 'memory-growth';

/** The engine died under a request, or before it was ready. The next request gets a new process. */
export class EngineDiedError extends RetryableError {
  constructor(
    readonly end: EndCause,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, undefined, options);
  }
}

/** What a shell makes of a signal that ended what it ran. */
const STATUS_OF_SIGNAL: Record<number, NodeJS.Signals> = { 132: 'SIGILL', 137: 'SIGKILL' };

export function causeOfEnd({ code, killedBy, outOfMemory }: {
  code: number | null;
  killedBy: NodeJS.Signals | null;
  /** Whether the kernel counted a kill for want of memory meanwhile. */
  outOfMemory: boolean;
}): EndCause {
  const signal = killedBy ?? STATUS_OF_SIGNAL[code ?? 0];
  if (signal === 'SIGILL') return 'illegal-instruction';
  if (signal === 'SIGKILL') return outOfMemory ? 'out-of-memory' : 'killed';
  return 'crash';
}

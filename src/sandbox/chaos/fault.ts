import type { Direction } from '../proxy/tcp-proxy.js';

/** What can go wrong around the daemon, as plain data: a plan is made of these, and printed. */
export type Fault =
  /** The line between the daemon and Telegram. */
  | { kind: 'cut'; how: 'rst' | 'fin' }
  | { kind: 'refuse' }
  | { kind: 'black-hole'; directions: Direction[] }
  | { kind: 'half-open' }
  | { kind: 'slow'; bytesPerSecond: number }
  | { kind: 'late'; ms: number }
  | { kind: 'cut-at'; method: string; takesEffect: boolean }
  /** The machine. */
  | { kind: 'kill' }
  | { kind: 'kill-at'; method: string; takesEffect: boolean }
  | { kind: 'kill-while-starting' }
  | { kind: 'terminate' }
  | { kind: 'freeze' }
  | { kind: 'redis'; how: 'terminate' | 'kill' | 'lose-last-second' | 'freeze' }
  | { kind: 'power-cut' }
  | { kind: 'engine'; how: 'kill' | 'freeze' | 'freeze-for-good' }
  /** Telegram itself. */
  | { kind: 'refusal'; method: string; code: number; message: string; times: number }
  | { kind: 'move-file' }
  | { kind: 'expire-references' }
  | { kind: 'lose-updates'; then: 'nothing' | 'too-long' | 'forgotten' | 'channels-forgotten' }
  | { kind: 'clock'; hours: number }
  | { kind: 'close-sessions' };

/** Faults of one scene wait for each other; those of different scenes may come together. */
export type Scene = 'line' | 'machine' | 'telegram';

/** What a fault is counted under in the table. */
export type FaultGroup = 'line' | 'half-open' | 'daemon' | 'redis' | 'engine' | 'telegram';

export function groupOf({ kind }: Fault): FaultGroup {
  switch (kind) {
    case 'cut':
    case 'refuse':
    case 'black-hole':
    case 'slow':
    case 'late':
    case 'cut-at':
      return 'line';
    case 'half-open':
      return 'half-open';
    case 'kill':
    case 'kill-at':
    case 'kill-while-starting':
    case 'terminate':
    case 'freeze':
    case 'power-cut':
      return 'daemon';
    case 'redis':
      return 'redis';
    case 'engine':
      return 'engine';
    default:
      return 'telegram';
  }
}

export function sceneOf(fault: Fault): Scene {
  const group = groupOf(fault);
  if (group === 'line' || group === 'half-open') return 'line';
  return group === 'telegram' ? 'telegram' : 'machine';
}

/** In words, for the plan, the progress and the account of what happened around a voice. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'cut':
      return fault.how === 'rst' ? 'connections reset' : 'connections closed';
    case 'refuse':
      return 'connections cut and refused';
    case 'black-hole':
      return `black hole (${fault.directions.join(' and ')})`;
    case 'half-open':
      return 'connections half-open';
    case 'slow':
      return `line slowed to ${fault.bytesPerSecond} bytes/s`;
    case 'late':
      return `line ${fault.ms} ms late each way`;
    case 'cut-at':
      return `connection cut at ${fault.method}, ${effect(fault)}`;
    case 'kill':
      return 'kill -9 of the daemon';
    case 'kill-at':
      return `kill -9 of the daemon at ${fault.method}, ${effect(fault)}`;
    case 'kill-while-starting':
      return 'kill -9 of the daemon, and again while it starts';
    case 'terminate':
      return 'SIGTERM to the daemon';
    case 'freeze':
      return 'the daemon frozen (SIGSTOP)';
    case 'redis':
      return { terminate: 'SIGTERM to Redis', kill: 'kill -9 of Redis', 'lose-last-second': 'Redis loses its last second', freeze: 'Redis frozen (SIGSTOP)' }[fault.how];
    case 'power-cut':
      return 'power cut: daemon and Redis gone, the last second not on the disk';
    case 'engine':
      return { kill: 'kill -9 of the engine', freeze: 'the engine frozen (SIGSTOP)', 'freeze-for-good': 'the engine frozen for good' }[fault.how];
    case 'refusal':
      return `${fault.method} answered ${fault.code} ${fault.message}${fault.times > 1 ? `, ${fault.times} times` : ''}`;
    case 'move-file':
      return 'the file moves to the other data centre';
    case 'expire-references':
      return 'all file references expire';
    case 'lose-updates':
      return `updates lost, then ${{ nothing: 'nothing said', 'too-long': 'updatesTooLong', forgotten: 'differenceTooLong', 'channels-forgotten': 'channelDifferenceTooLong' }[fault.then]}`;
    case 'clock':
      return `Telegram's clock ${fault.hours} h off`;
    case 'close-sessions':
      return 'Telegram forgets the sessions';
  }
}

function effect({ takesEffect }: { takesEffect: boolean }): string {
  return takesEffect ? 'which takes effect' : 'which does not take effect';
}

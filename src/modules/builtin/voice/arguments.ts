import { oneLine } from '../../one-line.js';
import { texts } from './texts.js';

/** Somebody: named, or the writer of the message that is answered. */
export const who = { kind: 'peer', optional: true, fromReply: true, label: texts.both((all) => all.labels.who) } as const;

/** One word; each command says by its label which. */
export const word = { kind: 'word', optional: true } as const;

/** What follows, as it was typed; each command says by its label what that can be. */
export const rest = { kind: 'string', optional: true, rest: true } as const;

/** What was typed, as it may be said back. */
export function saidBack(given: string): string {
  return oneLine(given, 60);
}

/**
 * Who goes first: the answer to a command that its owner waits for, then the text of a voice, then how far a
 * transcription is. Progress is a courtesy: it is skipped where it cannot go at once.
 */
export type Urgency = 'command' | 'answer' | 'progress';

const ORDER: readonly Urgency[] = ['command', 'answer', 'progress'];

/** 0 goes first. */
export function rankOf(urgency: Urgency): number {
  return ORDER.indexOf(urgency);
}

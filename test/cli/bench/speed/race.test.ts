import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/errors.js';
import type { Contender, Note } from '../../../../src/cli/bench/speed/contender.js';
import { race, windowsIn } from '../../../../src/cli/bench/speed/race.js';
import { TooLateError } from '../../../../src/cli/bench/speed/worker-process.js';

const never = new AbortController().signal;
const note: Note = { seconds: 10, voicePath: 'note.ogg', wavPath: 'note.wav' };
const warmUp: Note = { seconds: 3, voicePath: 'short.ogg', wavPath: 'short.wav' };

function contender(name: string, log: string[], text: string | Error): Contender {
  return {
    name,
    peakBytes: 1,
    hear: ({ seconds }) => {
      log.push(`${name} ${seconds}`);
      return text instanceof Error ? Promise.reject(text) : Promise.resolve({ ms: 5, text });
    },
    stop: () => Promise.resolve(),
  };
}

const entry = { rounds: 2, deadlineMs: 1000, sentence: 'one two' };

describe('a race', () => {
  it('lets contenders take turns, every second round the other way about, after a note that is not counted', async () => {
    const log: string[] = [];
    const entries = ['a', 'b'].map((name) => ({ ...entry, contender: contender(name, log, 'One two.') }));
    const outcomes = await race(entries, { note, warmUp }, never);
    expect(log).toEqual(['a 3', 'b 3', 'a 10', 'b 10', 'b 10', 'a 10']);
    expect(outcomes.map((outcome) => outcome.kind === 'done' && [outcome.hearings.length, outcome.saysRight])).toEqual([[2, true], [2, true]]);
  });

  it('asks nobody again who was late or failed, and goes on with the others', async () => {
    const log: string[] = [];
    const texts = [new TooLateError(1000), new AppError('it broke'), 'three'];
    const outcomes = await race(texts.map((text, index) => ({ ...entry, contender: contender(String(index), log, text) })), { note, warmUp }, never);
    expect(outcomes).toEqual([
      { kind: 'late', limitMs: 1000, peakBytes: 1 },
      { kind: 'skipped', reason: 'it broke' },
      expect.objectContaining({ kind: 'done', saysRight: false }),
    ]);
    expect(log.filter((line) => !line.startsWith('2'))).toHaveLength(2);
  });
});

it('counts how often a text says the sentence, however it is written, and takes no other text for it', () => {
  expect(windowsIn('One, two. ONE two', 'one two')).toBe(2);
  expect(windowsIn('one two one', 'one two')).toBeUndefined();
  expect(windowsIn('one three', 'one two')).toBeUndefined();
  expect(windowsIn('', 'one two')).toBeUndefined();
});

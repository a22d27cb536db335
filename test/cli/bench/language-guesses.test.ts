import { expect, it } from 'vitest';
import { spokenClips } from '../../../src/cli/bench/quality/spoken.js';
import { languageGuesses, shortNotes } from '../../../src/cli/bench/language-guesses.js';
import type { SpeakerLanguages } from '../../../src/speech/language/speaker-languages.js';
import { startableServer } from '../../support/engine.js';

const never = new AbortController().signal;

const speaker = (language: string, times: number): SpeakerLanguages => ({ times: { [language]: times }, unasked: 0 });

it('the language of a one-second note is guessed wrong less often with every thing that is known of who speaks', async (ctx) => {
  const engine = await startableServer(ctx);
  const notes = shortNotes(await spokenClips(never), 1);
  const plain = await languageGuesses(notes, 'engine', engine, never);
  const half = await languageGuesses(notes, (language) => ({ speaker: speaker(language, 2) }), engine, never);
  const known = await languageGuesses(notes, (language) => ({ speaker: speaker(language, 6) }), engine, never);
  expect(plain.pieces).toBeGreaterThan(30);
  // The engine alone is wrong with some of them: else this test would show nothing.
  expect(plain.wrong).toBeGreaterThanOrEqual(2);
  expect(half.wrong).toBeLessThan(plain.wrong);
  expect(known.wrong).toBeLessThan(plain.wrong);
  // Asked in the likeliest language, it is hardly dearer than letting the engine detect; of who is known it is not asked.
  expect(half.passes).toBeLessThanOrEqual(plain.passes * 1.25);
  expect(known.passes).toBeLessThan(plain.passes);
}, 120_000);

import { describe, expect, it } from 'vitest';
import { nonSpeechSounds } from '../../src/cli/bench/quality/non-speech-sounds.js';
import { degradations } from '../../src/cli/bench/quality/degradations.js';
import { spokenClips, type Spoken } from '../../src/cli/bench/quality/spoken.js';
import { keepsOneBalance, soundsLikeVoice } from '../../src/speech/sounds-like-voice.js';

const spoken = spokenClips(new AbortController().signal);

function stretches({ pcm, segments }: Spoken): Int16Array[] {
  return segments.map(({ startMs, endMs }) => pcm.samples.subarray(Math.max(0, Math.round(startMs - 60) * 16), Math.round(endMs + 60) * 16));
}

function made(name: string, fromSec = 0, toSec = 8): Int16Array {
  return nonSpeechSounds().find((sound) => sound.name === name)!.pcm().samples.subarray(fromSec * 16_000, toSec * 16_000);
}

describe('soundsLikeVoice', () => {
  it.each(['clean', 'white noise, 20 dB below the voice', 'quiet: 30 dB down', 'clipped: 12 dB up', '1.5 times as fast', 'telephone: 300–3400 Hz, 8 kHz'])(
    'knows the voices of the bundled clips: %s',
    async (name) => {
      const { apply } = degradations.find((degradation) => degradation.name === name)!;
      const worse = await Promise.all((await spoken).map(apply));
      const all = worse.flatMap(stretches);
      const missed = all.filter((samples) => !soundsLikeVoice({ samples }));
      expect(missed.length / all.length).toBeLessThanOrEqual(0.05);
    },
  );

  it.each([
    'noise that swells 4 times a second, as syllables do', 'a saw tooth that trembles as syllables do', 'a tune on 330 Hz', 'a bass guitar', 'drums',
    'three knocks at a door of 120 Hz', 'crickets', 'a sigh', 'wind that howls at 900 Hz', 'a siren, 0.5 s a turn',
  ])('takes no other sound for one: %s', (name) => {
    expect(soundsLikeVoice({ samples: made(name) })).toBe(false);
  });

  it('takes nothing at all for no voice', () => {
    for (const length of [0, 1, 800, 16_000]) expect(soundsLikeVoice({ samples: new Int16Array(length) })).toBe(false);
  });
});

describe('keepsOneBalance', () => {
  it('is true of a chord that dies away, and never of speech', async () => {
    expect(keepsOneBalance({ samples: made('a chord on 220 Hz, struck every second', 0.99, 1.5) })).toBe(true);
    const speech = (await spoken).flatMap(stretches);
    expect(speech.filter((samples) => keepsOneBalance({ samples }))).toEqual([]);
  });

  it('is true of no part of speech, however short: a single vowel is an answer', async () => {
    const parts = (await spoken).flatMap(stretches).flatMap((samples) =>
      [100, 200, 300].flatMap((ms) => Array.from({ length: Math.floor(samples.length / 16 / ms) }, (_, at) => samples.subarray(at * ms * 16, (at + 1) * ms * 16))),
    );
    expect(parts.filter((samples) => keepsOneBalance({ samples }))).toEqual([]);
  });

  it('is not true of noise that changes as whispering does', () => {
    expect(keepsOneBalance({ samples: made('one breath of 0.7 s around 1500 Hz', 0.6, 1.3) })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { degradations } from '../../../../src/cli/bench/quality/degradations.js';
import { longRecording } from '../../../../src/cli/bench/quality/long-recording.js';
import { spokenClips, type Spoken } from '../../../../src/cli/bench/quality/spoken.js';
import { toLittleEndian } from '../../../../src/media/pcm-file.js';

const spoken = spokenClips(new AbortController().signal);

function strengthDb(samples: Int16Array): number {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Compared as bytes: element by element takes seconds. */
function bytesOf({ pcm }: Pick<Spoken, 'pcm'>): Buffer {
  return toLittleEndian(pcm.samples);
}

function spokenPart({ pcm, segments }: Spoken): Int16Array {
  return Int16Array.from(segments.flatMap(({ startMs, endMs }) => [...pcm.samples.subarray(startMs * 16, endMs * 16)]));
}

async function worse(clip: Spoken, name: string): Promise<Spoken> {
  return degradations.find((degradation) => degradation.name === name)!.apply(clip);
}

describe('degradations', () => {
  it('put noise and music as far below the voice as they say', async () => {
    const [clip] = await spoken;
    for (const [name, db] of [['white noise, 10 dB below the voice', 10], ['music, 20 dB below', 20]] as const) {
      const { pcm } = await worse(clip!, name);
      const behind = pcm.samples.map((sample, at) => sample - clip!.pcm.samples[at]!);
      expect(Math.abs(strengthDb(spokenPart(clip!)) - strengthDb(behind) - db), name).toBeLessThan(0.5);
    }
  });

  it('change length and times together', async () => {
    const [clip] = await spoken;
    const fast = await worse(clip!, '1.25 times as fast');
    expect(Math.abs(fast.pcm.samples.length * 1.25 - clip!.pcm.samples.length)).toBeLessThan(1600);
    expect(fast.segments[0]!.startMs).toBeCloseTo(clip!.segments[0]!.startMs / 1.25);
  });

  it('are the same in every run', async () => {
    const [clip] = await spoken;
    for (const { name, apply } of degradations) expect(bytesOf(await apply(clip!)).equals(bytesOf(await apply(clip!))), name).toBe(true);
  });
});

describe('a long recording', () => {
  it('has the clips where its truth says, with pauses as short and as long as asked for, the same in every run', async () => {
    const clips = (await spoken).filter(({ language }) => language === 'en');
    const plan = { name: 'long', clips, durationMs: 120_000, pausesMs: [200, 20_000] as const, seed: 7 };
    const { pcm, segments } = longRecording(plan);
    expect(pcm.samples).toHaveLength(120_000 * 16);
    expect(segments.length).toBeGreaterThan(10);
    for (const { startMs, endMs } of segments) expect(strengthDb(pcm.samples.subarray(startMs * 16, endMs * 16))).toBeGreaterThan(40);
    const pauses = segments.slice(1).map(({ startMs }, index) => startMs - segments[index]!.endMs);
    expect(Math.max(...pauses)).toBeGreaterThan(8000);
    expect(Math.min(...pauses)).toBeLessThan(1500);
    expect(bytesOf(longRecording(plan)).equals(bytesOf({ pcm }))).toBe(true);
  });
});

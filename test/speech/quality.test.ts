import { describe, expect, it, type TestContext } from 'vitest';
import { degradations } from '../../src/cli/bench/quality/degradations.js';
import { longRecording } from '../../src/cli/bench/quality/long-recording.js';
import { spokenClips, type Spoken } from '../../src/cli/bench/quality/spoken.js';
import { hearAll, ourWay, plainWay, type Heard, type WayOfHearing } from '../../src/cli/bench/quality/way-of-hearing.js';
import { quantile } from '../../src/cli/bench/statistics.js';
import { EnergyDetector } from '../../src/speech/energy-detector.js';
import { silent, startableServer } from '../support/engine.js';

const never = new AbortController().signal;
const spoken = spokenClips(never);

/** With the detector that is always there. Clean notes, and Silero, are recognize.test.ts's; the bench measures all of it. */
async function ways(ctx: TestContext): Promise<{ ours: WayOfHearing; plain: WayOfHearing }> {
  const engine = await startableServer(ctx);
  return { ours: ourWay('ours', { engine, detector: new EnergyDetector(), log: silent }), plain: plainWay('plain', engine, 15_000) };
}

async function worse(name: string): Promise<Spoken[]> {
  const { apply } = degradations.find((degradation) => degradation.name === name)!;
  return Promise.all((await spoken).slice(0, 6).map(apply));
}

function rate({ errors, words }: Heard): number {
  return errors / words;
}

describe('how well speech is heard', () => {
  it.for([
    ['white noise, 20 dB below the voice', 0.03],
    ['quiet: 30 dB down', 0.1],
  ] as const)('nearly every word of: %s', async ([name, most], ctx) => {
    const { ours } = await ways(ctx);
    expect(rate(await hearAll(ours, await worse(name), never))).toBeLessThanOrEqual(most);
  });

  it('two minutes with pauses of 0.2 to 20 s, far better than in windows of one length, and with true times', async (ctx) => {
    const { ours, plain } = await ways(ctx);
    const clips = (await spoken).filter(({ language }) => language === 'en');
    const recording = [longRecording({ name: '2 min', clips, durationMs: 120_000, pausesMs: [200, 20_000], seed: 2 })];
    const heard = await hearAll(ours, recording, never);
    expect(rate(heard)).toBeLessThanOrEqual(0.03);
    expect(quantile(heard.timeErrorsMs, 0.95)).toBeLessThanOrEqual(300);
    expect(rate(await hearAll(plain, recording, never))).toBeGreaterThan(2 * rate(heard) + 0.02);
  });
});

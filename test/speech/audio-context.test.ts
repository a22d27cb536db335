import { expect, it } from 'vitest';
import { startableServer } from '../support/engine.js';
import { bundledClips } from '../support/workspace.js';
import { pcmOf } from './sounds.js';

const never = new AbortController().signal;

it('what the engine says of a sound does not depend on what it heard before', async (ctx) => {
  const engine = await startableServer(ctx);
  const [clip, ...others] = await bundledClips();
  const { samples } = await pcmOf(clip!.path);
  const pcm = { samples: samples.subarray(0, 16_000) };
  const hear = async () => {
    const { segments } = await engine.transcribe({ pcm, language: clip!.language }, never);
    return segments.map(({ text, words, avgLogProbability }) => ({ text, words, avgLogProbability }));
  };
  const alone = await hear();
  await engine.transcribe({ pcm: await pcmOf(others[0]!.path), language: 'en', thorough: true }, never);
  expect(await hear()).toEqual(alone);
});

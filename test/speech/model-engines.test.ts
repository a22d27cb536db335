import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { SetupError } from '../../src/errors.js';
import { ModelEngines } from '../../src/speech/model-engines.js';
import { WhisperServer } from '../../src/speech/whisper-server.js';
import { requireEngine, silent, testModels } from '../support/engine.js';
import { bundledClips, processesWith, testFolder } from '../support/workspace.js';
import { pcmOf, wordsOf } from './sounds.js';

const never = new AbortController().signal;

/** Engines for the models of a folder that has the bundled one twice, `nano` and `other`. */
async function modelEngines(ctx: TestContext, freeMemory = () => Number.MAX_SAFE_INTEGER) {
  const { serverPath } = requireEngine(ctx);
  const [modelsDir, runDir] = [await testFolder(), await testFolder()];
  for (const name of ['nano', 'other']) await copyFile(join(testModels, 'ggml-nano.bin'), join(modelsDir, `ggml-${name}.bin`));
  const first: string[] = [];
  const engines = new ModelEngines({
    modelsDir,
    freeMemory,
    log: silent,
    create: (model, { machine, isFirst }) => {
      if (isFirst) first.push(model);
      return new WhisperServer({ serverPath, modelsDir, model, machine, runDir, threads: 2, idleAfterMs: 600_000, log: silent });
    },
  });
  onTestFinished(() => engines.stop());
  const running = async (): Promise<number> => (await processesWith(modelsDir)).filter((line) => line.includes('ggml-')).length;
  return { engines, modelsDir, first, running };
}

async function heard(engine: WhisperServer): Promise<string[]> {
  const clip = (await bundledClips())[1]!;
  const { segments } = await engine.transcribe({ pcm: await pcmOf(clip.path), language: 'en' }, never);
  expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip.text));
  return segments.map(({ text }) => text);
}

it('has one engine for each model, the first of which is the daemon’s own', async (ctx) => {
  const { engines, first, running } = await modelEngines(ctx);
  const [nano, other] = [engines.of('nano'), engines.of('other')];
  expect([engines.of('nano'), engines.of('other')]).toEqual([nano, other]);
  expect(first).toEqual(['nano']);
  await Promise.all([heard(nano), heard(other), heard(nano)]);
  expect([nano.model, other.model, await running()]).toEqual(['nano', 'other', 2]);
  await nano.useModel('other', never);
  expect(engines.of('other')).toBe(nano);
  await engines.stop();
  expect(await running()).toBe(0);
});

it('unloads the others where the memory is too little for one more, and loses no request', async (ctx) => {
  const { engines, running } = await modelEngines(ctx, () => 1000);
  const [nano, other] = [engines.of('nano'), engines.of('other')];
  await Promise.all([heard(nano), heard(other), heard(nano), heard(other)]);
  expect(await running()).toBe(1);
  expect([await nano.state(), await other.state()]).toMatchObject([{ restarts: 0 }, { restarts: 0 }]);
});

it('a request that waits for its turn can be given up, and a model that is gone is told', async (ctx) => {
  const { engines, modelsDir } = await modelEngines(ctx);
  const [nano, other] = [engines.of('nano'), engines.of('other')];
  const first = heard(nano);
  const abort = new AbortController();
  const second = other.transcribe({ pcm: { samples: new Int16Array(16_000) }, language: 'en' }, abort.signal);
  abort.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  await first;
  await rm(join(modelsDir, 'ggml-other.bin'));
  await expect(other.transcribe({ pcm: { samples: new Int16Array(16_000) }, language: 'en' }, never)).rejects.toBeInstanceOf(SetupError);
  await heard(nano);
});

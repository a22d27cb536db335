import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_SHAPES, teachPuppet, writePuppetModel } from '../../../src/cli/bench/puppet-model.js';
import { encodeWav } from '../../../src/media/wav.js';
import { runCommand } from '../../../src/setup/run-command.mjs';
import { pause } from '../../speech/sounds.js';
import { requireEngine, startableServer, testModels } from '../../support/engine.js';

const never = new AbortController().signal;
const like = join(testModels, 'ggml-nano.bin');
/** Two layers would be taken for a distilled model, which knows no times. */
const SMALL = { width: 128, heads: 2, layers: 3 };

describe('a puppet model', () => {
  let modelsDir: string;
  let file: string;
  beforeAll(async () => {
    modelsDir = await mkdtemp(join(tmpdir(), 'gramscribe-puppet-'));
    file = join(modelsDir, 'ggml-puppet.bin');
    if (existsSync(like)) await writePuppetModel({ shape: SMALL, file, like });
  });
  afterAll(() => rm(modelsDir, { recursive: true, force: true }));

  it('says its sentence to the real engine, whatever the engine hears and was told before', async (ctx) => {
    requireEngine(ctx);
    await teachPuppet(file, 'one two three four five six seven');
    await teachPuppet(file, 'the quick brown fox, утром и вечером');
    const server = await startableServer(ctx, { modelsDir, model: 'puppet' });
    for (const [ms, prompt] of [[2000, undefined], [30_000, undefined], [2000, 'Anna said']] as const) {
      const request = { pcm: { samples: pause(ms) }, language: 'en', ...(prompt !== undefined && { prompt }) };
      const { segments } = await server.transcribe(request, never);
      expect(segments.map(({ text }) => text)).toEqual(['the quick brown fox, утром и вечером']);
    }
  });

  it('ends by itself where no times are wanted', async (ctx) => {
    const { cliPath } = requireEngine(ctx);
    await teachPuppet(file, 'the quick brown fox');
    const clip = join(modelsDir, 'clip.wav');
    await writeFile(clip, encodeWav({ samples: pause(2000) }));
    const { stdout } = await runCommand(cliPath, ['-m', file, '-f', clip, '-nt', '-np', '-t', '1', '-bs', '1']);
    expect(stdout.trim()).toBe('the quick brown fox');
  });

  it('has the size of the real model of its shape', async (ctx) => {
    requireEngine(ctx);
    const tiny = join(modelsDir, 'ggml-tiny-puppet.bin');
    await writePuppetModel({ shape: MODEL_SHAPES.tiny, file: tiny, like });
    // Upstream's ggml-tiny.bin is 77,691,713 bytes.
    expect((await stat(tiny)).size / 77_691_713).toBeCloseTo(1, 2);
  });

  it('refuses a sentence that no window has room for, and one that says a word twice', async (ctx) => {
    requireEngine(ctx);
    const long = Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))).join(' ');
    await expect(teachPuppet(file, long)).rejects.toThrow('a window has room for');
    await expect(teachPuppet(file, 'again and again')).rejects.toThrow('twice');
  });
});

import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RetryableError, SetupError } from '../../src/errors.js';
import { SPEECH_MODELS } from '../../src/setup/model-catalogue.mjs';
import { isModelName, modelPath } from '../../src/speech/model-path.js';
import { modelsOnDisk } from '../../src/speech/models-on-disk.js';
import { requireModel } from '../../src/speech/require-model.js';
import { requireEngine, startableServer, testModels } from '../support/engine.js';
import { anyText, forEvery, tried } from '../support/hostile-inputs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const never = new AbortController().signal;

test('no name of a model leads out of the folder of models', async (ctx) => {
  const name = fc.oneof(anyText, fc.stringMatching(/^[a-z./\\-]{1,20}$/));
  await forEvery(ctx, name, 500, (text) => {
    if (!isModelName(text)) {
      expect(() => modelPath('/models', text)).toThrow('is not the name of a model');
      return;
    }
    expect(modelPath('/models', text)).toBe(`/models/ggml-${text}.bin`);
    expect(modelPath('/models', text)).not.toMatch(/\.\.|\/models\/.*\//);
  });
});

test('a folder of models with anything in it gives names of models alone', async (ctx) => {
  const folder = await temporaryFolder();
  const names = ['ggml-base.bin', 'ggml-.bin', 'ggml-../x.bin', 'ggml--i.bin', 'ggml-a b.bin', 'ggml-\u202e.bin', 'ggml-base.bin.part', 'ggml-silero-v6.2.0.bin', '.bin'];
  for (const name of names.filter((one) => !one.includes('/'))) {
    tried(ctx);
    await writeFile(join(folder, name), '');
  }
  expect(await modelsOnDisk(folder)).toEqual(['base']);
});

const WRONG: [string, Buffer | string][] = [
  ['empty', ''],
  ['a byte', 'l'],
  ['half of the magic', 'lm'],
  ['a web page', '<!DOCTYPE html><title>Sign in to the network</title>'],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 147951465\n'],
  ['JSON', '{"error":"Entry not found"}'],
  ['zeros', Buffer.alloc(100_000)],
  ['a GGUF file', 'GGUF\x03\0\0\0'],
  ['an archive', 'PK\x03\x04'],
  ['packed', '\x1f\x8b\x08'],
];

test('what is no model is refused before a voice waits for it, with what to type', async (ctx) => {
  const folder = await temporaryFolder();
  const refused = async (path: string, says: string): Promise<void> => {
    tried(ctx);
    const error: unknown = await requireModel(path).catch((thrown: unknown) => thrown);
    expect(error, path).toBeInstanceOf(SetupError);
    expect((error as SetupError).message).toContain(path);
    expect((error as SetupError).message).toContain(says);
    expect((error as SetupError).remedy).toContain('npm run model -- pull base');
  };
  const path = join(folder, 'ggml-base.bin');
  await refused(path, 'cannot be used');
  for (const [, content] of WRONG) {
    await writeFile(path, content);
    await refused(path, 'is no model');
  }
  await forEvery(ctx, fc.uint8Array({ maxLength: 200 }).filter((bytes) => !Buffer.from(bytes).subarray(0, 4).equals(Buffer.from('lmgg'))), 100, async (bytes) => {
    await writeFile(path, bytes);
    await refused(path, 'is no model');
  });
  for (const { name, approximateBytes } of SPEECH_MODELS) {
    tried(ctx);
    const place = join(folder, `ggml-${name}.bin`);
    await writeFile(place, 'lmgg');
    await truncate(place, Math.floor(approximateBytes / 2)); // sparse: it takes no room
    await expect(requireModel(place)).rejects.toThrow('is cut short');
    await truncate(place, approximateBytes);
    await requireModel(place);
  }
  await mkdir(join(folder, 'ggml-dir.bin'));
  await expect(requireModel(join(folder, 'ggml-dir.bin'))).rejects.toThrow(SetupError);
});

test('a model that looks like one and is damaged inside costs an error and no hang, and a good one works after it', async (ctx) => {
  requireEngine(ctx);
  const folder = await temporaryFolder();
  const good = await readFile(join(testModels, 'ggml-nano.bin'));
  const damaged: Record<string, Buffer> = {
    cut: good.subarray(0, Math.floor(good.length / 2)),
    head: good.subarray(0, 44),
    huge: Buffer.concat([good.subarray(0, 4), Buffer.alloc(400, 0x7f), good.subarray(404, 5000)]),
    negative: Buffer.concat([good.subarray(0, 4), Buffer.alloc(44, 0xff), good.subarray(48, 5000)]),
  };
  const pcm = { samples: new Int16Array(16_000) };
  for (const [name, bytes] of Object.entries(damaged)) {
    tried(ctx);
    await writeFile(join(folder, `ggml-x-${name}.bin`), bytes);
    const server = await startableServer(ctx, { modelsDir: folder, model: `x-${name}` });
    const error: unknown = await server.transcribe({ pcm, language: 'en' }, never).catch((thrown: unknown) => thrown);
    expect(error instanceof SetupError || error instanceof RetryableError, `${name}: ${String(error)}`).toBe(true);
  }
  await writeFile(join(folder, 'ggml-nano.bin'), good);
  const server = await startableServer(ctx, { modelsDir: folder, model: 'x-cut' });
  await expect(server.transcribe({ pcm, language: 'en' }, never)).rejects.toThrow();
  await server.useModel('nano', never);
  expect((await server.transcribe({ pcm, language: 'en' }, never)).segments).toBeInstanceOf(Array);
});

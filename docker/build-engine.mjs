// Builds whisper.cpp for the image, into the folder that is named: `node docker/build-engine.mjs FOLDER`. Unlike the build
// for one machine it has the CPU kernels as libraries, one for every generation of CPU, and picks one when it runs.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildEngine } from '../src/setup/engine-build.mjs';
import { runCanary } from '../src/setup/engine-canary.mjs';
import { ALL_VARIANTS } from '../src/setup/engine-profiles.mjs';
import { engineSource } from '../src/setup/engine-source.mjs';
import { BUNDLED_MODEL } from '../src/setup/model-catalogue.mjs';
import { pullModel } from '../src/setup/pull-model.mjs';
import { setupTexts } from '../src/setup/texts.mjs';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: node docker/build-engine.mjs FOLDER');
const cache = await mkdtemp(path.join(os.tmpdir(), 'build-engine-'));
const { signal } = new AbortController();
const texts = setupTexts('en');
const logPath = path.join(cache, 'build.log');
const source = await engineSource({ cache, logPath, texts, signal });
const model = await pullModel(BUNDLED_MODEL, { cache }, signal);
const build = await buildEngine(ALL_VARIANTS, path.resolve(folder), {
  source,
  logPath,
  texts,
  onProgress: (percent) => console.log(`${percent} %`),
  canary: (engine) => runCanary(engine, { model, logPath, texts, signal }),
  signal,
});
if (build.canary === 'failed') throw new Error(`the engine does not run on the machine that built it: ${build.reason}`);
console.log((await readdir(path.join(folder, 'bin'))).join('\n'));
await rm(cache, { recursive: true });

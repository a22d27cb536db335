import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildEngine } from '../../src/setup/engine-build.mjs';
import { runCanary } from '../../src/setup/engine-canary.mjs';
import { enginePaths, findEngine, readBuild, type EnginePaths } from '../../src/setup/engine-paths.mjs';
import { cpuIdentity, ENGINE_PROGRAMS, engineFolder, engineProfiles } from '../../src/setup/engine-profiles.mjs';
import { SPEECH_MODELS } from '../../src/setup/model-catalogue.mjs';
import { bundledSpeechDir, cacheDir, enginesDir, modelPath } from '../../src/setup/paths.mjs';
import { setupTexts } from '../../src/setup/texts.mjs';
import { requireEngine } from '../support/engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const cache = cacheDir(process.env);
const { signal } = new AbortController();
const machine = { arch: process.arch, cpu: cpuIdentity() };

async function pretendBuild(cacheFolder: string, index: number, canary: 'passed' | 'failed'): Promise<string> {
  const profile = engineProfiles(process.arch)[index]!;
  const folder = join(enginesDir(cacheFolder), engineFolder(profile, machine));
  await mkdir(join(folder, 'bin'), { recursive: true });
  for (const program of ENGINE_PROGRAMS) await writeFile(join(folder, 'bin', program), '');
  await writeFile(join(folder, 'build.json'), JSON.stringify({ version: '1.9.1', profile: profile.name, flags: [], builtAt: '', canary }));
  return folder;
}

test('the fastest build whose canary passed is the engine, and a failed one is passed over', async () => {
  const folder = await temporaryFolder();
  expect(findEngine(folder)).toBeUndefined();
  await pretendBuild(folder, 0, 'failed');
  expect(findEngine(folder)).toBeUndefined();
  const second = await pretendBuild(folder, 1, 'passed');
  expect(findEngine(folder)?.serverPath).toBe(join(second, 'bin', 'whisper-server'));
});

test('a build that lacks its record or a program is no engine', async () => {
  const folder = await temporaryFolder();
  const build = await pretendBuild(folder, 0, 'passed');
  await rm(join(build, 'bin', 'whisper-cli'));
  expect(findEngine(folder)).toBeUndefined();
  await rm(join(build, 'build.json'));
  expect(readBuild(build)).toBeUndefined();
});

test('the build of another CPU has another place', () => {
  const profile = engineProfiles('x64')[0]!;
  const here = engineFolder(profile, { arch: 'x64', cpu: 'EPYC\nflags: avx2' });
  expect(engineFolder(profile, { arch: 'x64', cpu: 'EPYC\nflags: avx2 amx_tile' })).not.toBe(here);
});

test('an engine that was built elsewhere is found in the folder or in its bin', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'whisper-server'), '');
  expect(findEngine('/nowhere', folder)?.serverPath).toBe(join(folder, 'whisper-server'));
  expect(findEngine('/nowhere', join(folder, 'not-there'))).toBeUndefined();
});

test('the canary lets the engine of this machine pass', async (ctx) => {
  const engine = requireEngine(ctx);
  const options = { model: modelPath(cache, 'nano'), logPath: join(await temporaryFolder(), 'log'), texts: setupTexts('en'), signal };
  expect(await runCanary(engine, options)).toBeUndefined();
});

/** An engine of scripts: the quantizer does nothing, `whisper-cli` is the given one. */
async function withCli(script: string, quantizer = 'exit 0'): Promise<EnginePaths> {
  const bin = await temporaryFolder();
  const programs = { 'whisper-cli': script, 'whisper-quantize': quantizer };
  for (const [program, text] of Object.entries(programs)) {
    await writeFile(join(bin, program), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, program), 0o755);
  }
  return enginePaths(bin, { profile: 'native', version: '1.9.1' });
}

test.each([
  ['dies of an illegal instruction', 'kill -ILL $$', /killed by SIGILL/],
  ['ends with an error', 'exit 3', /exit status 3/],
  ['hears something else', 'echo "thank you for watching"', /wrong text: thank you/],
])('the canary stops an engine that %s', async (_name, script, reason) => {
  const engine = await withCli(script);
  const options = { model: modelPath(cache, 'nano'), logPath: join(await temporaryFolder(), 'log'), texts: setupTexts('en'), signal };
  expect(await runCanary(engine, options)).toMatch(reason);
});

test.each([
  ['memory runs out', 'kill -KILL $$', 'exit 0', 'whisper-cli f16: killed by SIGKILL'],
  ['the disk is full', 'echo %', 'exit 1', 'whisper-quantize q8_0: exit status 1'],
])('the canary does not judge an engine where %s', async (_name, script, quantizer, what) => {
  const clips = JSON.parse(await readFile(join(bundledSpeechDir, 'clips', 'clips.json'), 'utf8')) as { file: string; text: string }[];
  const text = clips.find(({ file }) => file === '02-en.ogg')!.text.replace(/'/g, '');
  const engine = await withCli(script.replace('%', `'${text}'`), quantizer);
  const options = { model: modelPath(cache, 'nano'), logPath: join(await temporaryFolder(), 'log'), texts: setupTexts('en'), signal };
  await expect(runCanary(engine, options)).rejects.toMatchObject({ name: 'SetupFailure', message: expect.stringContaining(what) as string });
});

test('a build that is not finished has no name, and one whose canary failed says why', async () => {
  const folder = join(await temporaryFolder(), 'engine');
  const tools = await temporaryFolder();
  await writeFile(join(tools, 'cmake'), `#!/bin/sh\nfor program in ${ENGINE_PROGRAMS.join(' ')}; do mkdir -p bin; : > bin/$program; done\n`);
  await chmod(join(tools, 'cmake'), 0o755);
  const seen: boolean[] = [];
  const path = process.env.PATH;
  process.env.PATH = `${tools}:${path ?? ''}`;
  try {
    const build = await buildEngine({ name: 'native', flags: ['-Dx'] }, folder, {
      source: '/nowhere',
      logPath: join(tools, 'log'),
      texts: setupTexts('en'),
      onProgress: () => undefined,
      canary: () => {
        seen.push(existsSync(folder));
        return Promise.resolve('killed by SIGILL');
      },
      signal,
    });
    expect(build).toMatchObject({ canary: 'failed', reason: 'killed by SIGILL', flags: ['-Dx'] });
  } finally {
    process.env.PATH = path;
  }
  expect(seen).toEqual([false]);
  expect(readBuild(folder)?.canary).toBe('failed');
  expect(existsSync(`${folder}.work`)).toBe(false);
  expect((await stat(folder)).mode & 0o777).toBe(0o755);
});

test('the catalogue agrees with the table of whisper.cpp itself', async (ctx) => {
  const readme = join(cache, 'sources', 'whisper.cpp-1.9.1', 'models', 'README.md');
  if (!existsSync(readme)) return ctx.skip('the source of whisper.cpp is not on this machine (an engine built here leaves it)');
  const rows = [...(await readFile(readme, 'utf8')).matchAll(/^\| (\S+)\s+\| ([\d.]+) (MiB|GiB)\s*\| `([0-9a-f]{40})` \|$/gm)];
  const table = new Map(rows.map(([, name, size, unit, sha1]) => [name, { bytes: Number(size) * (unit === 'GiB' ? 2 ** 30 : 2 ** 20), sha1 }]));
  const both = SPEECH_MODELS.filter(({ name }) => table.has(name));
  expect(both.length).toBeGreaterThan(12);
  for (const { name, checksum, approximateBytes } of both) {
    expect([name, checksum]).toEqual([name, table.get(name)?.sha1]);
    // Upstream writes GiB for GB, and with one decimal.
    const share = approximateBytes / table.get(name)!.bytes;
    expect([name, share > 0.9 && share < 1.05]).toEqual([name, true]);
  }
});

test('a model of the catalogue needs its file and more as memory, and all quantized forms of a shape are among them', () => {
  for (const { name, approximateBytes, memoryBytes } of SPEECH_MODELS) expect([name, memoryBytes > approximateBytes]).toEqual([name, true]);
  const names = SPEECH_MODELS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const shape of ['tiny', 'tiny.en', 'base', 'base.en', 'small', 'small.en']) expect(names).toEqual(expect.arrayContaining([shape, `${shape}-q5_1`, `${shape}-q8_0`]));
  for (const shape of ['medium', 'medium.en', 'large-v2', 'large-v3-turbo']) expect(names).toEqual(expect.arrayContaining([shape, `${shape}-q5_0`, `${shape}-q8_0`]));
  // As whisper-server was measured with them (README.md), to 10 MiB.
  const memoryMiB = Object.fromEntries(SPEECH_MODELS.map(({ name, memoryBytes }) => [name, memoryBytes / 2 ** 20]));
  for (const [name, measured] of Object.entries({ tiny: 150, 'base-q5_1': 153, base: 240, 'small-q5_1': 347, small: 634, 'medium-q5_0': 821, medium: 1775, 'large-v3-turbo-q5_0': 722, 'large-v3-turbo': 1730 })) {
    expect([name, Math.abs(memoryMiB[name]! - measured) < 10]).toEqual([name, true]);
  }
});

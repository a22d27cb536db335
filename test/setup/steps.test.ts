import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { missingPackage } from '../../src/setup/dependencies-step.mjs';
import { formatBytes, formatDuration } from '../../src/setup/format.mjs';
import { npmError } from '../../src/setup/npm-error.mjs';
import { projectRoot } from '../../src/setup/paths.mjs';
import { runSteps } from '../../src/setup/run-steps.mjs';
import { SetupFailure } from '../../src/setup/setup-failure.mjs';
import { createTerminal } from '../../src/setup/terminal.mjs';
import { setupTexts } from '../../src/setup/texts.mjs';
import { usableCores } from '../../src/setup/usable-cores.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';

type SetupStep = Parameters<typeof runSteps>[0][number];
const texts = setupTexts('en');

async function runAndListen(steps: SetupStep[], mode: { isQuiet?: boolean; isCheckOnly?: boolean } = {}): Promise<{ ok: boolean; output: string }> {
  let output = '';
  const stream = { isTTY: false, columns: 80, write: (piece: string) => (output += piece) } as unknown as NodeJS.WriteStream;
  const terminal = createTerminal({ stream, texts, labelWidth: 6, isColored: false });
  const environment = { language: 'en', cache: '/nowhere', model: 'base', modelBaseUrl: undefined, downloadProxies: undefined, engineDir: undefined, hasOwnRedis: false } as const;
  const context = { environment, options: { forTests: false, bundledModel: false, inImage: false }, texts, signal: new AbortController().signal };
  const ok = await runSteps(steps, { context, terminal, isQuiet: false, isCheckOnly: false, ...mode });
  return { ok, output: output.replace(/\d+\.\d s/g, 'T') };
}

const here: SetupStep = { label: () => 'here', missing: () => Promise.resolve(undefined), make: () => Promise.reject(new Error('not called')) };
const made: SetupStep = { label: () => 'made', missing: () => Promise.resolve('it'), make: () => Promise.resolve({ done: 'all of it' }) };
const warns: SetupStep = { label: () => 'warns', missing: () => Promise.resolve('it'), make: () => Promise.resolve({ warning: 'no network', remedy: 'type this' }) };
const fails: SetupStep = {
  label: () => 'fails',
  missing: () => Promise.resolve('it'),
  make: () => Promise.reject(new SetupFailure('it broke', { remedy: 'mend it', logPath: '/log' })),
};

test('where everything is there one line says so, and none where quiet is asked for', async () => {
  expect(await runAndListen([here, here])).toEqual({ ok: true, output: '✓ Everything is here    T\n' });
  expect(await runAndListen([here, here], { isQuiet: true })).toEqual({ ok: true, output: '' });
});

test('what was made and what could not be had get a line each, and the set-up goes on', async () => {
  const { ok, output } = await runAndListen([made, warns, here]);
  expect(ok).toBe(true);
  expect(output).toBe('✓ made    all of it  T\n! warns   no network\n    type this\n✓ Set-up done    T\n');
});

test('a step that fails says why, what to do and where the log is, and ends the set-up', async () => {
  expect(await runAndListen([fails, made])).toEqual({ ok: false, output: '✗ fails   it broke\n    mend it\n    Full log: /log\n' });
});

test('a check names what is missing, makes nothing, and fails', async () => {
  expect(await runAndListen([here, made, fails], { isCheckOnly: true })).toEqual({
    ok: false,
    output: '✗ made    missing: it\n✗ fails   missing: it\n',
  });
  expect((await runAndListen([here], { isCheckOnly: true })).ok).toBe(true);
});

test('off a terminal progress is a line when something begins and now and then after', () => {
  let output = '';
  let nowMs = 0;
  const stream = { isTTY: false, write: (piece: string) => (output += piece) } as unknown as NodeJS.WriteStream;
  const { percent } = createTerminal({ stream, texts, labelWidth: 6, isColored: false, now: () => nowMs }).progress('engine');
  for (const share of [1, 20, 40]) {
    percent('compiling', share);
    nowMs += 10_000;
  }
  expect(output).toBe('… engine  compiling    1 %\n… engine  compiling   40 %\n');
});

test('on a terminal progress never fills the line, which could then not be redrawn', () => {
  const pieces: string[] = [];
  const stream = { isTTY: true, columns: 40, write: (piece: string) => pieces.push(piece) } as unknown as NodeJS.WriteStream;
  const { percent } = createTerminal({ stream, texts, labelWidth: 6, isColored: false }).progress('engine');
  percent('compiling whisper.cpp in some profile or other', 50);
  const [line = ''] = pieces;
  expect(line.startsWith('\r\x1b[2K… engine  compiling')).toBe(true);
  expect(line.replace('\r\x1b[2K', '').length).toBeLessThan(40);
});

async function checkout(lock: Record<string, object>, installed?: Record<string, object>): Promise<string> {
  const root = await temporaryFolder();
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...lock } }));
  if (installed === undefined) return root;
  for (const place of Object.keys(installed)) await mkdir(join(root, place), { recursive: true });
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  return root;
}

test('an installation is whole when it has what the lock file names, in that version and on the disk', async () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const other = { version: '1.0.0', optional: true };
  expect(await missingPackage(await checkout({ 'node_modules/a': a, 'node_modules/other-os': other }, { 'node_modules/a': a }))).toBeUndefined();
  expect(await missingPackage(await checkout({ 'node_modules/a': a }))).toBe('node_modules');
  expect(await missingPackage(await checkout({ 'node_modules/a': a }, {}))).toBe('node_modules/a');
  expect(await missingPackage(await checkout({ 'node_modules/a': a }, { 'node_modules/a': { ...a, version: '0.9.0' } }))).toBe('node_modules/a');
  const removed = await checkout({ 'node_modules/a': a }, { 'node_modules/a': a });
  await rm(join(removed, 'node_modules/a'), { recursive: true });
  expect(await missingPackage(removed)).toBe('node_modules/a');
});

test('of what npm prints when it fails only the reason is shown', () => {
  const stderr = 'npm warn Unknown config\nnpm error code ENOTFOUND\nnpm error errno ENOTFOUND\nnpm error network request to https://x failed\nnpm error A complete log of this run: /x\n';
  expect(npmError(stderr)).toBe('errno ENOTFOUND\nnetwork request to https://x failed');
});

/** Runs the set-up as nobody, with no program in its PATH but those given. */
async function setUpAsNobody(programs: Record<string, string>, env: Record<string, string>): Promise<{ status: number | null; output: string }> {
  const home = await temporaryFolder();
  const bin = join(home, 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  // A copy, as the checkout may lie where nobody may not look (/root).
  await cp(join(projectRoot, 'src/setup'), join(home, 'src/setup'), { recursive: true });
  await cp(join(projectRoot, 'package.json'), join(home, 'package.json'));
  await chmod(home, 0o755);
  const child = spawn(process.execPath, [join(home, 'src/setup/setup.mjs')], {
    cwd: home,
    env: { PATH: bin, HOME: home, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  });
  const [output, [status]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  return { status, output };
}

test('one who may not install packages is told the one command to type, in their language', async () => {
  const { status, output } = await setUpAsNobody({ 'apt-get': 'exit 99', sudo: 'exit 1', tar: '' }, { LANG: 'en_US.UTF-8' });
  expect(output).toContain('    sudo apt-get update && sudo apt-get install -y ffmpeg redis-server cmake make g++\n');
  expect(status).toBe(1);
  expect((await setUpAsNobody({ 'apt-get': 'exit 99', sudo: 'exit 1' }, { GRAMSCRIBE_LANG: 'ru' })).output).toContain('не хватает');
});

test('one with a Redis server and an engine of their own is asked for less', async () => {
  const env = { REDIS_URL: 'redis://r', GRAMSCRIBE_ENGINE_DIR: '/opt/engine' };
  const { output } = await setUpAsNobody({ 'apt-get': 'exit 99', sudo: 'exit 1' }, env);
  expect(output).toContain('sudo apt-get install -y ffmpeg\n');
});

test('on a system without a known package manager the programs are named', async () => {
  const { status, output } = await setUpAsNobody({}, {});
  expect(output).toContain('ffmpeg, redis-server, cmake');
  expect(status).toBe(1);
});

test('compilers are as many as the quota allows, and one at least', () => {
  const files = (table: Record<string, string>) => (path: string) => table[path];
  const cores = (table: Record<string, string>): number => usableCores({ available: 8, readText: files(table) });
  expect(cores({})).toBe(8);
  expect(cores({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' })).toBe(8);
  expect(cores({ '/sys/fs/cgroup/cpu.max': '250000 100000\n' })).toBe(2);
  expect(cores({ '/sys/fs/cgroup/cpu.max': '50000 100000\n' })).toBe(1);
  expect(cores({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' })).toBe(4);
  expect(cores({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' })).toBe(8);
});

test('durations and sizes are written as people read them', () => {
  expect([140, 9_940, 14_200, 112_000].map((ms) => formatDuration(ms, texts))).toEqual(['0.1 s', '9.9 s', '14 s', '1 min 52 s']);
  expect(formatDuration(1500, setupTexts('ru'))).toBe('1,5 с');
  expect([0, 512, 148_897_792, 1_624_555_275].map((bytes) => formatBytes(bytes, texts))).toEqual(['0 B', '512 B', '142 MiB', '1.5 GiB']);
  expect(formatBytes(1_624_555_275, setupTexts('ru'))).toBe('1,5 ГиБ');
});

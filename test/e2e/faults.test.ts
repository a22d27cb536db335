import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clip, words } from '../support/clips.js';
import { joinedClips } from '../support/sound.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo, type Ground } from './ground.js';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';

const context = ground();

/** Anna sends two minutes of speech; resolves when the engine is at work on it. */
async function longVoiceInWork({ sandbox, daemon, anna, owner }: Ground): Promise<SandboxMessage> {
  const bytes = await joinedClips(['03-ru.ogg', '05-ru.ogg'], 10);
  const from = daemon.output.length;
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes, durationSec: 118 });
  await daemon.line("processing 'window.wav'", from);
  return voice;
}

function redisPid({ daemon }: Ground): number {
  return Number(execFileSync('pgrep', ['-P', String(daemon.pid), 'redis-server'], { encoding: 'utf8' }));
}

/** Processes that work on the folder, one a line. */
function leftOver(folder: string): string {
  return spawnSync('pgrep', ['-f', folder], { encoding: 'utf8' }).stdout;
}

test('SIGTERM in the middle of a transcription parks it; after the next start it is answered once', async () => {
  const { daemon } = context;
  const voice = await longVoiceInWork(context);
  expect(await daemon.end('SIGTERM')).toBe(0);
  expect(daemon.output.join('\n')).toContain('parked: it runs again at the next start');
  expect(daemon.output.at(-1)).toContain('The voice transcriber stopped cleanly');
  await daemon.start();
  expect(words((await onlyAnswerTo(context, voice)).text)).toContain('привет встреча');
});

test('kill -9 in the middle of a transcription: after the next start it is answered once, and nothing is left over', async () => {
  const { daemon } = context;
  const voice = await longVoiceInWork(context);
  expect(await daemon.end('SIGKILL')).toBe('SIGKILL');
  await daemon.start();
  expect(words((await onlyAnswerTo(context, voice)).text)).toContain('привет встреча');
  expect(await readdir(join(daemon.dataDir, 'tmp'))).toEqual([]);
  expect(execFileSync('pgrep', ['-c', '-f', join(daemon.dataDir, 'redis')], { encoding: 'utf8' }).trim()).toBe('1');
});

test('kill -9 after Telegram took the answer and before the daemon knows: still one answer', async () => {
  const { sandbox, daemon } = context;
  sandbox.faults.silenceNext('messages.SendMessage', { takesEffect: true });
  const call = sandbox.rpcLog.next('messages.SendMessage', { timeoutMs: 60_000 });
  const voice = annaSays(context, '04-en.ogg');
  await call;
  await daemon.end('SIGKILL');
  await daemon.start();
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('04-en.ogg').text);
});

test('Redis killed while a voice is in work: it comes back with its data, and the voice is answered once', async () => {
  const voice = await longVoiceInWork(context);
  process.kill(redisPid(context), 'SIGKILL');
  const later = annaSays(context, '07-ru.ogg');
  expect(words((await onlyAnswerTo(context, later)).text)).toBe(clip('07-ru.ogg').text);
  expect(await answersTo(context, voice)).toHaveLength(1);
  expect(await command(context, '.tracked')).toContain('Anna');
});

test('the engine killed in the middle costs one try', async () => {
  const { daemon } = context;
  const voice = await longVoiceInWork(context);
  process.kill(Number(execFileSync('pgrep', ['-P', String(daemon.pid), 'whisper-server'], { encoding: 'utf8' })), 'SIGKILL');
  expect(await answersTo(context, voice)).toHaveLength(1);
});

test('a connection that is cut is made again, and says so', async () => {
  const { sandbox, daemon } = context;
  const from = daemon.output.length;
  sandbox.faults.connection().dropAll();
  await daemon.line('Network error', from);
  await daemon.line('Reconnecting in', from);
  await daemon.line('Connected to Telegram', from);
  const voice = annaSays(context, '08-en.ogg');
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('08-en.ogg').text);
});

test('a second daemon on the same folder refuses to start and says who holds it', async () => {
  const { daemon } = context;
  const other = await daemon.twin();
  const status = await other.exited();
  expect(status).toBe(78);
  expect(other.output.join('\n')).toContain(`process ${daemon.pid}`);
});

test('the heartbeat says connected', async () => {
  const path = join(context.daemon.dataDir, 'health.json');
  const state = async (): Promise<string> => (JSON.parse(await readFile(path, 'utf8')) as { state: string }).state;
  await expect.poll(state, { timeout: 30_000 }).toBe('connected');
});

test('two signals end it at once', async () => {
  const { daemon } = context;
  await daemon.ensureStarted();
  await longVoiceInWork(context);
  void daemon.end('SIGTERM');
  expect(await daemon.end('SIGINT')).toBe(1);
  await expect.poll(() => leftOver(daemon.dataDir)).toBe('');
});

test('a Ctrl-C that npm hands on a second time is one Ctrl-C', async () => {
  const { daemon } = context;
  await daemon.ensureStarted();
  void daemon.end('SIGINT');
  await daemon.line('Stopping on request', daemon.output.length);
  expect(await daemon.end('SIGINT')).toBe(0);
});

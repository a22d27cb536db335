import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { texts as statusModule } from '../../src/modules/builtin/status/texts.js';
import { texts as voiceModule } from '../../src/modules/builtin/voice/texts.js';
import type { RpcFaultAction } from '../../src/sandbox/control/rpc-faults.js';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';
import { connectRedis } from '../../src/store/connect-redis.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { RedisServer } from '../../src/store/redis-server.js';
import { Transcripts } from '../../src/store/transcripts.js';
import { clip, words } from '../support/clips.js';
import { silentLog } from '../support/silent-log.js';
import { joinedClips, silence } from '../support/sound.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo } from './ground.js';

// A Redis of the test's own, so that it can be asked, changed and taken away while the daemon is up, down or dead.
const folder = mkdtempSync(join(tmpdir(), 'gramscribe-jobs-'));
let server = new RedisServer({ dir: folder, log: silentLog() });
let redis: Redis;
beforeAll(async () => {
  await server.start(AbortSignal.timeout(30_000));
  redis = connectRedis({ url: server.socketPath }, silentLog());
});
const context = ground({ REDIS_URL: server.socketPath, GRAMSCRIBE_PACE: 'off', GRAMSCRIBE_CONCURRENCY: '1', GRAMSCRIBE_PROGRESS_AFTER: '1s' });
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const texts = textsFor('en');
const statusTexts = statusModule.of('en').status;
const voiceTexts = voiceModule.of('en');

function jobIdOf(voice: SandboxMessage): string {
  return `main:u${context.anna.id}:${voice.ids[context.owner.id] ?? 0}`;
}

/** No download goes on until the returned function is called, or the test ends. */
function holdDownloads(options?: { times: number }): () => void {
  const letGo = context.sandbox.faults.hold('upload.GetFile', options);
  onTestFinished(letGo);
  return letGo;
}

/** Kills the daemon at the next call of the method, takes away all that keeps it from answering twice, and starts it again. */
async function killAt(method: string, action: RpcFaultAction, { everyNth = 1, lost = [redisKeys.receipt('*')] } = {}): Promise<void> {
  const { sandbox, daemon } = context;
  const takeBack = sandbox.faults.add(method, action, { times: 1, everyNth });
  const before = sandbox.rpcLog.calls().at(-1)?.index ?? 0;
  const silenced = (): boolean => sandbox.rpcLog.calls(method).some(({ index, outcome }) => index > before && outcome?.kind === 'silence');
  await expect.poll(silenced, { timeout: 60_000 }).toBe(true);
  takeBack();
  await daemon.end('SIGKILL');
  sandbox.faults.forgetRandomIds();
  for (const pattern of lost) {
    const keys = await redis.keys(pattern);
    if (keys.length > 0) await redis.del(...keys);
  }
}

const untouched: RpcFaultAction = { kind: 'silence', takesEffect: false };
const applied: RpcFaultAction = { kind: 'silence', takesEffect: true };

test.each([
  ['while the voice is downloaded', 'upload.GetFile', untouched],
  ['when the answer was sent off', 'messages.SendMessage', untouched],
  ['when Telegram had taken the answer, which nobody knows any more', 'messages.SendMessage', applied],
])('kill -9 %s: one answer', async (_when, method, action) => {
  const { sandbox, daemon, owner, anna } = context;
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes: await silence(1), durationSec: 1 });
  await killAt(method, action);
  await daemon.start();
  expect((await onlyAnswerTo(context, voice)).text).toBe(texts.reply.noSpeech);
});

test('kill -9 when the progress text had been taken, and again when the answer had taken its place: one message', async () => {
  const { daemon } = context;
  const hold = holdDownloads();
  const voice = annaSays(context, '06-en.ogg');
  await killAt('messages.SendMessage', applied);
  await daemon.start();
  const killed = killAt('messages.EditMessage', applied);
  hold();
  await killed;
  await daemon.start();
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('06-en.ogg').text);
});

test('kill -9 between the parts of a long answer: each part once, and the words of the owner are left alone', async () => {
  const { sandbox, daemon, owner, anna } = context;
  const { bytes, durationSec } = clip('02-en.ogg');
  const hold = holdDownloads();
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes, durationSec });
  await expect.poll(() => redis.llen(`${redisKeys.queuePrefix}:voice:active`)).toBe(1);
  await daemon.end('SIGKILL');
  hold();
  // As if it had been heard: three parts long.
  const text = 'A sentence that is here again and again. '.repeat(200).trim();
  const recognition = { segments: [], language: 'en', model: 'nano', engine: 'whisper.cpp', audioMs: 1, speechMs: 1, engineMs: 1 };
  await new Transcripts(redis).save(jobIdOf(voice), { text, recognition, stageMs: {}, atMs: 1 });
  sandbox.send.text({ from: owner, to: anna, text: 'I will listen later', replyTo: voice });
  const killed = killAt('messages.SendMessage', applied, { everyNth: 2 });
  await daemon.start();
  await killed;
  await daemon.start();
  const answers = (await answersTo(context, voice)).map((answer) => answer.text);
  expect(answers.map((answer) => answer.slice(0, 6))).toEqual(['I will', '(1/3)\n', '(2/3)\n', '(3/3)\n']);
  expect(answers[0]).toBe('I will listen later');
});

test('kill -9 in the middle of a long voice: the next process hears only the windows that are left', async () => {
  const { sandbox, daemon, owner, anna } = context;
  const bytes = await joinedClips(['02-en.ogg', '04-en.ogg', '06-en.ogg'], 8);
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes, durationSec: 90 });
  const key = redisKeys.checkpoint(jobIdOf(voice));
  await expect.poll(() => redis.hlen(key), { timeout: 60_000, interval: 10 }).toBeGreaterThan(2);
  await daemon.end('SIGKILL');
  // One of its fields is the fingerprint.
  const finished = (await redis.hlen(key)) - 1;
  const before = daemon.output.length;
  await daemon.start();
  await onlyAnswerTo(context, voice);
  const { windows = [], resumedWindows } = (await new Transcripts(redis).read(jobIdOf(voice)))!.recognition;
  expect(resumedWindows).toBe(finished);
  expect(windows.length).toBeGreaterThan(finished + 1);
  const heard = daemon.output.slice(before).filter((line) => line.includes('"a window was heard"'));
  expect(heard).toHaveLength(windows.length - finished);
  expect(windows.map(({ startMs }) => startMs)).toEqual([...new Set(windows.map(({ startMs }) => startMs))].sort((a, b) => a - b));
  expect(await redis.exists(key)).toBe(0);
});

test('a chat with many voices keeps no other chat waiting, and each chat is answered oldest first', async () => {
  const { sandbox, owner, anna } = context;
  const group = sandbox.addGroup({ title: 'Small', members: [owner, anna] });
  const bytes = await silence(1);
  const hold = holdDownloads();
  const many = Array.from({ length: 5 }, () => sandbox.send.voice({ from: anna, to: owner, bytes, durationSec: 1 }));
  const few = sandbox.send.voice({ from: anna, to: group, bytes, durationSec: 1 });
  await expect.poll(() => redis.zcard(`${redisKeys.queuePrefix}:voice:delayed`), { timeout: 20_000 }).toBe(5);
  hold();
  for (const voice of [...many, few]) await onlyAnswerTo(context, voice);
  const sent = sandbox.rpcLog.calls('messages.SendMessage').slice(-6);
  const answered = sent.map(({ request }) => ('replyTo' in request && 'replyToMsgId' in request.replyTo ? request.replyTo.replyToMsgId : 0));
  expect(answered.indexOf(few.ids[owner.id] ?? -1)).toBeLessThanOrEqual(1);
  const ofMany = answered.filter((id) => id !== few.ids[owner.id]);
  expect(ofMany).toEqual(many.map(({ ids }) => ids[owner.id]));
});

/** The job is over: a moment before, its answer stands in the chat and its line in the log, and nobody can have it tried again yet. */
async function over(voice: SandboxMessage): Promise<void> {
  await expect.poll(() => redis.zscore(`${redisKeys.queuePrefix}:voice:completed`, jobIdOf(voice)), { timeout: 60_000 }).not.toBeNull();
}

/** A voice that cannot be downloaded, and the answer which says so. */
async function failedVoice(file: string): Promise<{ voice: SandboxMessage; failure: SandboxMessage }> {
  context.sandbox.faults.failNext('upload.GetFile', { code: 400, message: 'LOCATION_INVALID' });
  const voice = annaSays(context, file);
  const failure = await onlyAnswerTo(context, voice);
  expect(failure.text).toBe(texts.failures.download);
  await over(voice);
  return { voice, failure };
}

/** The owner's command in reply to a message; resolves with what it became. */
async function retry(message: SandboxMessage): Promise<string> {
  const { sandbox, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.retry', replyTo: message });
  return (await sandbox.waitForMessage(({ key, text }) => key === typed.key && text !== '.retry', { timeoutMs: 60_000 })).text;
}

test('.retry in reply to the failure makes the text of it, in the same message', async () => {
  const { sandbox } = context;
  const { voice, failure } = await failedVoice('06-en.ogg');
  expect(await command(context, '.status')).toContain(statusTexts.deadLetters(1, '.'));
  expect(await retry(failure)).toBe(voiceTexts.retry.again);
  const spoken = clip('06-en.ogg').text;
  await sandbox.waitForMessage(({ key, text }) => key === failure.key && words(text) === spoken, { timeoutMs: 60_000 });
  await over(voice);
  expect(await retry(failure)).toContain(voiceTexts.retry.nothing);
  expect(await command(context, '.status')).toContain(statusTexts.deadLetters(0, '.'));
});

test('.retry of a voice that is deleted says so', async () => {
  const { voice, failure } = await failedVoice('08-en.ogg');
  context.sandbox.send.delete(voice);
  expect(await retry(failure)).toContain(voiceTexts.retry.deleted);
});

/** `npm run jobs -- …`, with the daemon's environment. */
async function jobs(...args: string[]): Promise<{ status: number; lines: string[] }> {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const env = { PATH, HOME, ...(XDG_CACHE_HOME && { XDG_CACHE_HOME }), REDIS_URL: server.socketPath, GRAMSCRIBE_LANG: 'en' };
  const child = spawn(process.execPath, [main, 'jobs', ...args], { env, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [status] = (await once(child, 'close')) as [number];
  return { status, lines: output.trimEnd().split('\n') };
}

test('npm run jobs lists what failed with its cause, and the daemon answers what it retries', async () => {
  const { sandbox } = context;
  const { voice, failure } = await failedVoice('12-en.ogg');
  const id = jobIdOf(voice);
  const { lines } = await jobs('list', '--json');
  const listed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(listed).toEqual([expect.objectContaining({ id, state: 'failed', reason: 'download', told: true })]);
  expect(listed[0]?.cause).toContain('LOCATION_INVALID');
  expect(await jobs('retry', id)).toEqual({ status: 0, lines: [texts.jobs.retried(id)] });
  await sandbox.waitForMessage(({ key, text }) => key === failure.key && words(text) === clip('12-en.ogg').text, { timeoutMs: 60_000 });
  expect((await jobs('show', 'main:u1:1')).status).toBe(1);
});

test('a chat that takes nothing any more, and a voice deleted while it is in work, are left in peace and on record', async () => {
  const { sandbox, daemon, owner, anna } = context;
  const group = sandbox.addGroup({ title: 'Closed', members: [owner, anna] });
  const { bytes, durationSec } = clip('02-en.ogg');
  const hold = holdDownloads();
  const unanswerable = sandbox.send.voice({ from: anna, to: group, bytes, durationSec });
  sandbox.faults.forbidWriting(group, owner);
  const deleted = annaSays(context, '02-en.ogg');
  await expect.poll(() => redis.zcard(`${redisKeys.queuePrefix}:voice:delayed`), { timeout: 20_000 }).toBe(1);
  sandbox.send.delete(deleted);
  hold();
  await daemon.line(['cannot be done (cannot-write)']);
  await daemon.line(['cannot be done (deleted)']);
  await daemon.line([`:${unanswerable.ids[owner.id] ?? 0}"`, '"msg":"answered"', '"reason":"cannot-write"']);
  await daemon.line([jobIdOf(deleted), '"msg":"answered"', '"reason":"deleted"']);
  const { lines } = await jobs('list', '--json');
  expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual(['cannot-write']);
});

test('a file that moved to the other data centre is fetched from there', async () => {
  const { sandbox } = context;
  const hold = holdDownloads({ times: 1 });
  const voice = annaSays(context, '04-en.ogg');
  sandbox.faults.moveFile(voice, 4);
  hold();
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('04-en.ogg').text);
});

test('while Redis is gone the daemon says so and holds what it took in; when it is back, that is answered', async () => {
  const { daemon } = context;
  const from = daemon.output.length;
  await server.stop();
  await daemon.line('Redis is away', from);
  const voice = annaSays(context, '02-en.ogg');
  server = new RedisServer({ dir: folder, log: silentLog() });
  await server.start(AbortSignal.timeout(30_000));
  await daemon.line('Redis is back', from);
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('02-en.ogg').text);
});

// The last one: with the jobs Redis loses that the earlier voices were answered, so they are asked for again at any moment.
test('kill -9 when Telegram had taken the answer, and Redis lost the whole job: seen again, it is not answered again', async () => {
  const { sandbox, daemon } = context;
  const voice = annaSays(context, '10-en.ogg');
  const lost = [redisKeys.receipt('*'), redisKeys.transcript('*'), `${redisKeys.queuePrefix}:*`];
  await killAt('messages.SendMessage', applied, { lost });
  await daemon.start();
  sandbox.send.deliverAgain(voice);
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('10-en.ogg').text);
});

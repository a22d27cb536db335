import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { SandboxChat, SandboxMessage } from '../../src/sandbox/control/views.js';
import { clip, words } from '../support/clips.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo } from './ground.js';

const CLIP = '04-en.ogg';
const context = ground();
let group: SandboxChat;
let supergroup: SandboxChat;

beforeAll(async () => {
  const { sandbox, owner, anna, daemon } = context;
  await daemon.line('from here on no voice is missed');
  group = sandbox.addGroup({ title: 'Group', members: [owner, anna] });
  supergroup = sandbox.addSupergroup({ title: 'Supergroup', members: [owner, anna] });
});

function annaSaysIn(to: SandboxChat): SandboxMessage {
  const { bytes, durationSec } = clip(CLIP);
  return context.sandbox.send.voice({ from: context.anna, to, bytes, durationSec });
}

function everywhere(): SandboxMessage[] {
  return [annaSays(context, CLIP), annaSaysIn(group), annaSaysIn(supergroup)];
}

async function expectOneAnswerEach(voices: readonly SandboxMessage[]): Promise<void> {
  for (const voice of voices) expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip(CLIP).text);
}

function redisPid(): number {
  return Number(execFileSync('pgrep', ['-P', String(context.daemon.pid), 'redis-server'], { encoding: 'utf8' }));
}

/** The append-only file as a power cut leaves it is shorter: what was written last is not in it. */
function appendOnlyFile(): string {
  const folder = join(context.daemon.dataDir, 'redis', 'appendonlydir');
  const name = readdirSync(folder).find((file) => file.endsWith('.incr.aof')) ?? '';
  return join(folder, name);
}

/** Anna says something; when it is queued Redis is killed, and has forgotten everything since just before. */
async function loseTheLastVoice(): Promise<SandboxMessage> {
  const { daemon } = context;
  const { size } = statSync(appendOnlyFile());
  const from = daemon.output.length;
  const voice = annaSays(context, CLIP);
  await daemon.line('a voice is queued', from);
  process.kill(daemon.pid, 'SIGSTOP');
  process.kill(redisPid(), 'SIGKILL');
  truncateSync(appendOnlyFile(), size);
  return voice;
}

test('voices that came while the daemon was stopped, and after kill -9, are answered once each, in every kind of chat', async () => {
  const { daemon } = context;
  expect(await daemon.end('SIGTERM')).toBe(0);
  const stopped = everywhere();
  await daemon.start();
  await expectOneAnswerEach(stopped);
  await daemon.end('SIGKILL');
  const killed = everywhere();
  await daemon.start();
  await expectOneAnswerEach(killed);
});

test('voices that came while the link was cut are answered once each; a command of that time runs once', async () => {
  const { sandbox, owner, anna, daemon } = context;
  // Dates are whole seconds: a command of the daemon's first two is not known to be younger than the daemon.
  await sleep(2000);
  const from = daemon.output.length;
  await sandbox.faults.connection().refuse(true);
  sandbox.faults.connection().dropAll();
  await daemon.line('Network error', from);
  const voices = everywhere();
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.ping' });
  await sandbox.faults.connection().refuse(false);
  await sandbox.waitForMessage(({ key, text }) => key === typed.key && text.startsWith('🏓'), { timeoutMs: 60_000 });
  await expectOneAnswerEach(voices);
  expect(daemon.output.slice(from).filter((line) => line.includes('"command":"ping"'))).toHaveLength(1);
});

test('a command that was typed while the daemon was down is not run by the next one', async () => {
  const { sandbox, owner, anna, daemon } = context;
  await daemon.end('SIGTERM');
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.untrack' });
  const voice = annaSays(context, CLIP);
  await daemon.start();
  await expectOneAnswerEach([voice]);
  expect(sandbox.message(typed).text).toBe('.untrack');
});

test('voices whose updates are lost are found as soon as the next update shows the gap', async () => {
  const { sandbox, owner, anna } = context;
  sandbox.faults.loseUpdates(owner);
  const voices = everywhere();
  sandbox.faults.loseUpdates(owner, false);
  sandbox.send.text({ from: anna, to: owner, text: 'hello?' });
  sandbox.send.text({ from: anna, to: supergroup, text: 'hello?' });
  await expectOneAnswerEach(voices);
});

test('Redis that comes back without its last second is caught up with: the voice that it lost is answered once', async () => {
  const { daemon } = context;
  const from = daemon.output.length;
  const voice = await loseTheLastVoice();
  process.kill(daemon.pid, 'SIGCONT');
  await daemon.line('caught up with what had been missed', from);
  await daemon.line(['"msg":"a voice is queued"', `"messageId":${voice.ids[context.owner.id] ?? 0}`], from);
  await expectOneAnswerEach([voice]);
});

test('a power cut that takes the daemon and the last second of Redis loses no voice', async () => {
  const { daemon } = context;
  const voice = await loseTheLastVoice();
  await daemon.end('SIGKILL');
  await daemon.start();
  await expectOneAnswerEach([voice]);
  expect(await answersTo(context, voice)).toHaveLength(1);
  expect(await command(context, '.tracked')).toContain('Anna');
});

import { expect, test } from 'vitest';
import { PACES } from '../../src/governor/pace.js';
import type { RpcRecord } from '../../src/sandbox/control/rpc-log.js';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';
import { clip } from '../support/clips.js';
import { joinedClips, silence } from '../support/sound.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo } from './ground.js';

const context = ground({ GRAMSCRIBE_PROGRESS_AFTER: '1s' });

const VOICES_A_CHAT = 6;
/** Too long to be waited for in place: the jobs are parked. */
const FLOOD_MS = 11_000;
/** A request may be seen late, and the next one at its time. */
const SLACK = 2;

/** What the owner's account wrote from this call on, as Telegram saw it. */
function written(from: number): RpcRecord[] {
  const { sandbox, owner } = context;
  return sandbox.rpcLog
    .calls()
    .filter(({ index, method, userId }) => index > from && userId === owner.id && /^messages\.(Send|Edit)Message$/.test(method));
}

function lastCall(): number {
  return context.sandbox.rpcLog.calls().at(-1)?.index ?? 0;
}

test('a backlog in five chats with a long FLOOD_WAIT in it: each voice is answered once, in order, at a pace, and nothing goes out within the wait', async () => {
  const { sandbox, owner, anna, boris } = context;
  await command(context, '.track', boris);
  const clara = sandbox.addUser({ firstName: 'Clara', username: 'clara_k' });
  await command(context, '.track', clara);
  const chats = [
    { from: anna, to: owner },
    { from: boris, to: owner },
    { from: clara, to: owner },
    { from: anna, to: sandbox.addGroup({ title: 'Small', members: [owner, anna, boris] }) },
    { from: boris, to: sandbox.addSupergroup({ title: 'Family', members: [owner, anna, boris] }) },
  ];
  const bytes = await silence(2);
  const before = lastCall();
  sandbox.faults.delay('messages.SendMessage', 100, { times: 7 });
  const voices: SandboxMessage[] = [];
  for (let round = 0; round < VOICES_A_CHAT; round += 1) {
    for (const addressed of chats) voices.push(sandbox.send.voice({ ...addressed, bytes, durationSec: 2 }));
  }
  for (let sent = 0; sent < 7; sent += 1) await sandbox.rpcLog.next('messages.SendMessage', { userId: owner.id, timeoutMs: 60_000 });
  sandbox.faults.failNext('messages.SendMessage', { code: 420, message: `FLOOD_WAIT_${FLOOD_MS / 1000}` });

  const answers = await Promise.all(voices.map((voice) => onlyAnswerTo(context, voice)));
  for (const chatKey of new Set(voices.map((voice) => voice.chatKey))) {
    const order = answers.filter((answer) => answer.chatKey === chatKey).map(({ key }) => key);
    expect(order).toHaveLength(VOICES_A_CHAT);
    expect(order).toEqual([...order].sort((one, other) => one - other));
  }

  const calls = written(before);
  const refused = calls.find(({ outcome }) => outcome?.kind === 'error');
  expect(refused?.outcome).toMatchObject({ code: 420 });
  const refusedAtMs = refused?.atMs ?? 0;
  const within = calls.filter(({ atMs, index }) => index > (refused?.index ?? 0) && atMs < refusedAtMs + FLOOD_MS);
  expect(within).toEqual([]);
  const { burst, everyMs } = PACES.normal.account;
  for (const [first, { atMs: fromMs }] of calls.entries()) {
    for (const [last, { atMs: toMs }] of calls.entries()) {
      if (last > first) expect(last - first + 1).toBeLessThanOrEqual(burst + (toMs - fromMs) / everyMs + SLACK);
    }
  }
});

test('the progress of a long transcription is edited no faster than a person would read it', async () => {
  const { sandbox, anna, owner } = context;
  const bytes = await joinedClips(['03-ru.ogg', '05-ru.ogg'], 3);
  const before = lastCall();
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes, durationSec: 35 });
  expect(await answersTo(context, voice)).toHaveLength(1);
  const calls = written(before);
  const tookMs = (calls.at(-1)?.atMs ?? 0) - (calls[0]?.atMs ?? 0);
  expect(calls[0]?.method).toBe('messages.SendMessage');
  // The first text, one every three seconds, and the answer.
  expect(calls.length).toBeLessThanOrEqual(2 + Math.ceil(tookMs / 3000));
});

test('a group that forbids writing is asked once, not for every voice; elsewhere answers go on, and .status tells', async () => {
  const { sandbox, daemon, owner, anna } = context;
  const quiet = sandbox.addSupergroup({ title: 'Quiet', members: [anna, owner] });
  sandbox.faults.forbidWriting(quiet, owner);
  const bytes = await silence(2);
  const before = lastCall();
  const from = daemon.output.length;
  for (let voice = 0; voice < 3; voice += 1) sandbox.send.voice({ from: anna, to: quiet, bytes, durationSec: 2 });
  const ended = (count: number): boolean =>
    daemon.output.slice(from).filter((line) => line.includes(`"chat":"c${quiet.key.split(':')[1] ?? ''}"`) && line.includes('"msg":"answered"')).length >= count;
  await expect.poll(() => ended(3), { timeout: 60_000 }).toBe(true);
  expect(written(before)).toHaveLength(1);
  await onlyAnswerTo(context, annaSays(context, '06-en.ogg'));
  expect(await command(context, '.status')).toContain('Chats that take nothing from me: 1');
});

test('a long wait holds over a restart', async () => {
  const { sandbox, daemon, owner, boris } = context;
  sandbox.faults.failNext('messages.SendMessage', { code: 420, message: 'FLOOD_WAIT_3600' });
  annaSays(context, '06-en.ogg');
  await daemon.line('Telegram asks to wait 3600 s');
  await daemon.end();
  const before = lastCall();
  const from = daemon.output.length;
  await daemon.start();
  const { bytes, durationSec } = clip('06-en.ogg');
  sandbox.send.voice({ from: boris, to: owner, bytes, durationSec });
  await daemon.line('a wait that Telegram asked for is not over', from);
  expect(written(before)).toEqual([]);
});

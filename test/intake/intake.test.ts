import { expect, test } from 'vitest';
import { Intake, type IntakeDependencies } from '../../src/intake/intake.js';
import { ServerClock } from '../../src/intake/server-clock.js';
import type { VoiceDoorDependencies } from '../../src/intake/voice-door.js';
import type { VoiceJob } from '../../src/voice/voice-job.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { message, ownCommand, voiceMessage } from '../support/messages.js';
import { recordedLog } from '../support/silent-log.js';
import { voiceDoor } from '../support/voice-door.js';

function ground({ backlog, enqueue, ...over }: Partial<IntakeDependencies & VoiceDoorDependencies> = {}) {
  const jobs: VoiceJob[] = [];
  const commands: string[] = [];
  const events: string[] = [];
  const { log, lines } = recordedLog();
  const clock = new FakeClock();
  const serverClock = new ServerClock(clock);
  const door = voiceDoor({
    enqueue: enqueue ?? ((job) => Promise.resolve(void jobs.push(job))),
    backlog: backlog ?? 'all',
    setAside: (job, because) => Promise.resolve(void events.push(`${job.messageId} ${because}`)),
    serverClock: over.serverClock ?? serverClock,
    clock: over.clock ?? clock,
    log,
  });
  const intake = new Intake({
    takeVoice: (given, voice, origin) => door.take(given, voice, origin),
    handleCommand: ({ text }) => Promise.resolve(void commands.push(text)),
    handleLate: ({ text }) => Promise.resolve(void events.push(`late ${text}`)),
    onRelief: () => void events.push('relief'),
    onIncident: () => void events.push('incident'),
    serverClock,
    clock,
    log,
    ...over,
  });
  return { intake, jobs, commands, events, lines, clock };
}

test('a voice of a tracked person becomes a job with ids alone', async () => {
  const { intake, jobs, clock } = ground();
  void intake.take(voiceMessage(), 'live');
  await settle();
  expect(jobs).toMatchObject([{ accountId: 'main', messageId: 10, receivedAtMs: clock.nowMs(), failedAttempts: 0 }]);
});

test('what is no voice goes to the commands, and untracked people are left alone', async () => {
  const { intake, jobs, commands } = ground();
  void intake.take(message({ text: '.ping' }), 'live');
  void intake.take(voiceMessage({ sender: { kind: 'user', id: '6', accessHash: '6' } }), 'live');
  await settle();
  expect([jobs, commands]).toEqual([[], ['.ping']]);
});

test('an error in one message is contained, and said without its text', async () => {
  const { intake, lines } = ground({ handleCommand: () => Promise.reject(new Error('boom')) });
  void intake.take(message({ text: 'private words' }), 'live');
  await settle();
  expect(lines.at(-1)).toMatchObject({ msg: 'a message could not be handled: boom', messageId: 10 });
  expect(JSON.stringify(lines)).not.toContain('private words');
});

test('a voice that Redis refuses (its disk is full) is held and offered again, until it is taken', async () => {
  const jobs: VoiceJob[] = [];
  let refusals = 7;
  const enqueue = (job: VoiceJob): Promise<void> =>
    (refusals -= 1) >= 0 ? Promise.reject(new Error('MISCONF')) : Promise.resolve(void jobs.push(job));
  const { intake, clock } = ground({ enqueue });
  void intake.take(voiceMessage(), 'live');
  await settle();
  for (const delayMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    expect(jobs).toEqual([]);
    await clock.advance(delayMs);
  }
  expect(jobs).toHaveLength(1);
});

test('a stop does not wait for a Redis that refuses', async () => {
  const { intake, lines } = ground({ enqueue: () => Promise.reject(new Error('MISCONF')) });
  void intake.take(voiceMessage(), 'live');
  await settle();
  await intake.stop();
  expect(lines.at(-1)).toMatchObject({ msg: 'a message could not be handled: the daemon is stopping', messageId: 10 });
});

test('stop waits until what was taken in is durable, and takes no more', async () => {
  let durable: () => void = () => undefined;
  const jobs: VoiceJob[] = [];
  const { intake } = ground({
    enqueue: (job) => {
      jobs.push(job);
      return new Promise((resolve) => (durable = resolve));
    },
  });
  void intake.take(voiceMessage(), 'live');
  await settle();
  let stopped = false;
  const stopping = intake.stop().then(() => (stopped = true));
  await expect(intake.take(voiceMessage({ messageId: 11 }), 'live')).rejects.toThrow('stopping');
  await settle();
  expect([stopped, jobs.length]).toEqual([false, 1]);
  durable();
  await stopping;
  expect(jobs).toHaveLength(1);
});

test('a command that is recovered runs once, and only where it was written after the start', async () => {
  const { intake, commands, clock } = ground();
  const startedAtMs = clock.nowMs();
  const typed = (messageId: number, text: string, atMs: number) => ownCommand(text, { messageId, dateMs: startedAtMs + atMs });
  await intake.take(typed(1, '.before', -1000), 'recovered');
  await intake.take(typed(2, '.live', 1000), 'live');
  await intake.take(typed(2, '.live', 1000), 'recovered');
  await intake.take(typed(3, '.lost', 1000), 'recovered');
  await intake.take(typed(3, '.lost', 1000), 'live');
  await intake.take({ ...typed(4, '.edited', 1000), edited: true }, 'recovered');
  intake.versions.wrote({ chat: { kind: 'user', id: '5', accessHash: '55' }, text: '.written by us', randomId: '5' }, 5);
  await intake.take(typed(5, '.written by us', 1000), 'recovered');
  await settle();
  expect(commands).toEqual(['.live', '.lost']);
});

test('an older command that Telegram pushes once more as if it were new is not run again: it may be what ended the process before', async () => {
  const { intake, commands, clock } = ground();
  const at = (ms: number) => ({ dateMs: clock.nowMs() + ms });
  await intake.take(ownCommand('.stop', { messageId: 1, ...at(-60_000) }), 'live');
  await intake.take(ownCommand('.yes', { messageId: 2, ...at(-2000) }), 'live');
  await intake.take(ownCommand('.ping', { messageId: 3, ...at(-60_000), edited: true, editedAtMs: clock.nowMs() + 5000 }), 'live');
  await intake.take(message({ text: 'an older word of somebody else', messageId: 4, ...at(-60_000) }), 'live');
  await settle();
  expect(commands).toEqual(['.ping', 'an older word of somebody else']);
});

test('a command of the second in which the process started may be older than it, and is not run', async () => {
  const clock = new FakeClock();
  await clock.advance(890);
  const serverClock = new ServerClock(clock);
  const { intake, commands } = ground({ clock, serverClock });
  const startedSec = Math.floor(clock.nowMs() / 1000);
  await clock.advance(50);
  serverClock.learn(Math.floor(clock.nowMs() / 1000));
  await intake.take(ownCommand('.old', { messageId: 1, dateMs: startedSec * 1000 }), 'recovered');
  await intake.take(ownCommand('.new', { messageId: 2, dateMs: (startedSec + 2) * 1000 }), 'recovered');
  await settle();
  expect(commands).toEqual(['.new']);
});

test.each([
  ['all', 90, [10], []],
  [3_600_000, 59, [10], []],
  [3_600_000, 61, [], ['10 too-old']],
  ['ask', 3, [], ['10 ask']],
  ['ask', 1, [10], []],
] as const)('with the policy %s, what becomes of a voice that is %i minutes old', async (backlog, minutes, queued, aside) => {
  const { intake, jobs, events, clock } = ground({ backlog });
  expect(await intake.take(voiceMessage({ dateMs: clock.nowMs() - minutes * 60_000 }), 'recovered')).toBe(true);
  expect([jobs.map(({ messageId }) => messageId), events]).toEqual([queued, aside]);
});

test('a voice that comes live is in time, whatever the clocks say', async () => {
  const { intake, jobs, clock } = ground({ backlog: 'ask' });
  await intake.take(voiceMessage({ dateMs: clock.nowMs() - 3_600_000 }), 'live');
  expect(jobs).toHaveLength(1);
});

test('with the policy record a late voice is written down silently, and one that came in time is answered', async () => {
  const { intake, jobs, clock } = ground({ backlog: 'record' });
  await intake.take(voiceMessage({ messageId: 1, dateMs: clock.nowMs() - 180_000 }), 'recovered');
  await intake.take(voiceMessage({ messageId: 2, dateMs: clock.nowMs() }), 'live');
  expect(jobs.map(({ delivery }) => delivery)).toEqual(['silent', 'reply']);
});

test('the age of a voice is told by the clock of Telegram, not by that of this machine', async () => {
  const clock = new FakeClock();
  const serverClock = new ServerClock(clock);
  const day = 24 * 3_600_000;
  serverClock.learn((clock.nowMs() - 3 * day) / 1000);
  const { intake, jobs, events } = ground({ backlog: day, clock, serverClock });
  await intake.take(voiceMessage({ dateMs: clock.nowMs() - 3 * day - 60_000 }), 'recovered');
  expect([jobs.length, events]).toEqual([1, []]);
});

test('a time of day that is set right after the start has no old command run', async () => {
  const [timeOfDay, steady] = [new FakeClock(), new FakeClock()];
  const day = 24 * 3_600_000;
  const serverClock = new ServerClock(steady, timeOfDay.nowMs());
  const { intake, commands } = ground({ clock: timeOfDay, serverClock });
  const startedAtMs = timeOfDay.nowMs() + day;
  await timeOfDay.advance(day);
  serverClock.learn(startedAtMs / 1000);
  await intake.take(ownCommand('.before', { messageId: 1, dateMs: startedAtMs - 60_000 }), 'recovered');
  await intake.take(ownCommand('.after', { messageId: 2, dateMs: startedAtMs + 60_000 }), 'recovered');
  await settle();
  expect(commands).toEqual(['.after']);
});

test('while Redis takes none, a bounded number of voices waits; those beyond are asked for again when it does', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { intake, events, lines } = ground({ enqueue: () => gate, maxHeld: 2 });
  const waiting = [1, 2].map((messageId) => intake.take(voiceMessage({ messageId }), 'live'));
  for (const messageId of [3, 4]) {
    await expect(intake.take(voiceMessage({ messageId }), 'live')).rejects.toThrow('too many voices wait');
  }
  expect(lines.filter(({ msg }) => String(msg).includes('wait for Redis')).length).toBe(1);
  expect(events).toEqual([]);
  open();
  await Promise.all(waiting);
  expect(events).toEqual(['relief']);
});

test('what others wrote while nobody was there is no command, and is offered as late, unless it was seen live', async () => {
  const { intake, commands, events } = ground();
  void intake.take(message({ messageId: 1, text: 'seen' }), 'live');
  for (const [messageId, text, over] of [[1, 'seen', {}], [2, 'missed', {}], [3, 'mine', { outgoing: true }], [4, 'changed', { edited: true }]] as const) {
    void intake.take(message({ messageId, text, ...over }), 'recovered');
  }
  await settle();
  expect([commands, events]).toEqual([['seen'], ['late missed']]);
});

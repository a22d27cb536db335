import { expect, test } from 'vitest';
import { Intake, type IntakeDependencies } from '../../src/intake/intake.js';
import { ServerClock } from '../../src/intake/server-clock.js';
import type { VoiceJob } from '../../src/voice/voice-job.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { message, voiceMessage } from '../support/messages.js';
import { recordedLog } from '../support/silent-log.js';

function ground(over: Partial<IntakeDependencies> = {}) {
  const jobs: VoiceJob[] = [];
  const commands: string[] = [];
  const events: string[] = [];
  const { log, lines } = recordedLog();
  const clock = new FakeClock();
  const intake = new Intake({
    isTracked: (_account, id) => Promise.resolve(id === '5'),
    transcribeOwn: false,
    enqueue: (job) => Promise.resolve(void jobs.push(job)),
    handleCommand: ({ text }) => Promise.resolve(void commands.push(text)),
    onRelief: () => void events.push('relief'),
    onIncident: () => void events.push('incident'),
    serverClock: new ServerClock(clock),
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

import { expect, test } from 'vitest';
import { NotNowError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import type { VoiceDependencies } from '../../src/voice/voice-dependencies.js';
import { WorkingNotice } from '../../src/voice/working-notice.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { voiceJob } from '../support/messages.js';
import { silentLog } from '../support/silent-log.js';

function ground() {
  const gateway = new FakeGateway();
  const clock = new FakeClock();
  const parts = new Map<number, number>();
  const urgencies = new Set<string>();
  const deps = {
    gatewayFor: (_account: string, urgency = 'answer') => {
      urgencies.add(urgency);
      return gateway;
    },
    receipts: {
      read: () => Promise.resolve({ parts, done: false }),
      recordPart: (_job: string, part: number, messageId: number) => Promise.resolve(void parts.set(part, messageId)),
      markDone: () => Promise.resolve(),
    },
    texts: textsFor('en'),
    clock,
    progressAfterMs: 10_000,
  } as unknown as VoiceDependencies;
  const notice = new WorkingNotice(voiceJob(), deps, silentLog(), new AbortController().signal);
  return { gateway, clock, notice, urgencies };
}

test('progress that cannot go now is skipped, and the next one is shown', async () => {
  const { gateway, clock, notice } = ground();
  gateway.failures.push({ method: 'send', error: new NotNowError('it cannot go at once') });
  await settle();
  await clock.advance(10_000);
  expect(gateway.texts()).toEqual([]);
  notice.update({ doneMs: 30_000, totalMs: 60_000, segments: [] });
  await clock.advance(3000);
  expect(gateway.texts()).toHaveLength(1);
  gateway.failures.push({ method: 'edit', error: new NotNowError('it cannot go at once') });
  notice.update({ doneMs: 40_000, totalMs: 60_000, segments: [] });
  await clock.advance(3000);
  const [before] = gateway.texts();
  await clock.advance(3000);
  expect(gateway.texts()).not.toEqual([before]);
  await notice.stop();
});

test('progress is sent as what need not wait, so that it never takes the turn of an answer', async () => {
  const { clock, notice, urgencies } = ground();
  await settle();
  expect([...urgencies]).toEqual(['answer']);
  await clock.advance(10_000);
  expect(urgencies).toContain('progress');
  await notice.stop();
});

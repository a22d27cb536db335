import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChatRefusedError, OfflineError, TelegramWaitError } from '../../src/errors.js';
import type { GovernedRequest } from '../../src/governor/governed-request.js';
import { Governor } from '../../src/governor/governor.js';
import type { Peer } from '../../src/telegram/peer.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import '../support/fixed-seed.js';
import { silentLog } from '../support/silent-log.js';

const chats: Peer[] = [
  { kind: 'user', id: '1', accessHash: '1' },
  { kind: 'user', id: '2', accessHash: '2' },
  { kind: 'channel', id: '3', accessHash: '3' },
];

interface Step {
  pauseMs: number;
  chat: number;
  method: GovernedRequest['method'];
  urgency: GovernedRequest['urgency'];
  /** How long Telegram takes to answer. */
  tookMs: number;
  outcome: 'ok' | 'flood' | 'slow-mode' | 'refused' | 'offline';
  givesUpAfterMs: number | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  pauseMs: fc.integer({ min: 0, max: 3000 }),
  chat: fc.nat(2),
  method: fc.constantFrom('send', 'edit', 'delete', 'typing', 'read', 'download'),
  urgency: fc.constantFrom('command', 'answer', 'progress'),
  tookMs: fc.constantFrom(0, 100, 7000),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'flood', 'slow-mode', 'refused', 'offline'),
  givesUpAfterMs: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
});

const FLOOD_MS = 4000;
const writes = ({ method }: GovernedRequest): boolean => method === 'send' || method === 'edit';

/** Plays the steps; resolves with what was seen to go wrong. */
async function play(steps: Step[]): Promise<string[]> {
  const clock = new FakeClock();
  const waits = { load: () => Promise.resolve([]), save: () => Promise.resolve() };
  const governor = new Governor({ pace: 'normal', clock, random: () => 0.5, waits, log: silentLog() });
  const wrong: string[] = [];
  const underWay = new Set<GovernedRequest>();
  let floodUntilMs = 0;
  let unsettled = 0;
  const errorOf = { ok: undefined, flood: new TelegramWaitError('flood', FLOOD_MS, 'account'), 'slow-mode': new TelegramWaitError('slow', FLOOD_MS, 'chat'), refused: new ChatRefusedError('CHAT_WRITE_FORBIDDEN', 'no'), offline: new OfflineError('gone') };

  const ask = ({ chat, method, urgency, tookMs, outcome, givesUpAfterMs }: Step): void => {
    const request: GovernedRequest = { method, urgency, chat: chats[chat]! };
    const stop = new AbortController();
    let failure = errorOf[outcome];
    const work = async (): Promise<void> => {
      if (writes(request) && clock.nowMs() < floodUntilMs) wrong.push(`${method} within a flood wait`);
      if (writes(request) && [...underWay].some((other) => other.chat === request.chat)) wrong.push('two on their way in one chat');
      if (writes(request)) underWay.add(request);
      try {
        await clock.sleep(tookMs, new AbortController().signal);
        const error = failure;
        // Once; then it succeeds.
        failure = undefined;
        if (outcome === 'flood' && error !== undefined && writes(request)) floodUntilMs = clock.nowMs() + FLOOD_MS;
        if (error !== undefined) throw error;
      } finally {
        underWay.delete(request);
      }
    };
    unsettled += 1;
    const settled = (): void => void (unsettled -= 1);
    governor.run(request, work, stop.signal).then(settled, settled);
    if (givesUpAfterMs !== undefined) {
      clock.sleep(givesUpAfterMs, new AbortController().signal).then(
        () => stop.abort(new Error('given up')),
        () => undefined,
      );
    }
  };

  for (const one of steps) {
    ask(one);
    await clock.advance(one.pauseMs);
  }
  for (let turn = 0; turn < 400 && unsettled > 0; turn += 1) await clock.advance(500);
  await settle();
  if (unsettled > 0) wrong.push(`${unsettled} never settled`);
  if (governor.snapshot().queued > 0) wrong.push('somebody is left in the line');
  return wrong;
}

test('whatever comes: nothing is written within a flood wait, one at a time in a chat, and everybody is told in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      expect(await play(steps)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONGEST_HOLD_MS, nextTurns, type HeldJob, type TurnsSituation } from '../../src/queue/next-turns.js';
import '../support/fixed-seed.js';

const NOW_MS = 1_000_000;

function held(chat: string, messageId: number, over: Partial<HeldJob> = {}): HeldJob {
  return { jobId: `${chat}:${messageId}`, chat, messageId, notBeforeMs: 0, holdsChat: false, ...over };
}

function turns(jobs: readonly HeldJob[], over: Partial<TurnsSituation> = {}): string[] {
  const situation = { nowMs: NOW_MS, freeSlots: 10, busyChats: new Set<string>(), served: [], ...over };
  return nextTurns(jobs, situation).map(({ jobId }) => jobId);
}

test('one job a chat, the oldest message first, whatever came into the line first', () => {
  expect(turns([held('a', 3), held('a', 1), held('b', 9), held('a', 2)]).sort()).toEqual(['a:1', 'b:9']);
});

test('a chat that has a job in work waits', () => {
  expect(turns([held('a', 1), held('b', 2)], { busyChats: new Set(['a']) })).toEqual(['b:2']);
});

test('chats that never had a turn come first, then the one whose last turn is longest ago', () => {
  const jobs = [held('a', 1), held('b', 2), held('c', 3)];
  expect(turns(jobs, { served: ['b', 'a'] })).toEqual(['c:3', 'b:2', 'a:1']);
  expect(turns(jobs, { served: ['b', 'a'], freeSlots: 1 })).toEqual(['c:3']);
});

test('a job that is to be tried again later lets the younger ones go ahead', () => {
  expect(turns([held('a', 1, { notBeforeMs: NOW_MS + 5000 }), held('a', 2)])).toEqual(['a:2']);
});

test('a job that waits because Telegram said so holds the younger ones of its chat, and no other chat', () => {
  const waits = { notBeforeMs: NOW_MS + 5000, holdsChat: true };
  expect(turns([held('a', 1, waits), held('a', 2), held('b', 3)])).toEqual(['b:3']);
  expect(turns([held('a', 2, waits), held('a', 1, { notBeforeMs: NOW_MS + 1 }), held('a', 3)])).toEqual([]);
});

test('a wait that seems longer than any can be is over: the clock was set back', () => {
  expect(turns([held('a', 1, { notBeforeMs: NOW_MS + LONGEST_HOLD_MS + 1, holdsChat: true })])).toEqual(['a:1']);
});

/** Runs a line until it is empty: each round one job in work ends, those whose turn it is begin. */
function order(jobs: readonly HeldJob[], slots: number, endsFirst: (inWork: number) => number): string[] {
  let line = [...jobs];
  let inWork: HeldJob[] = [];
  let served: string[] = [];
  const begun: string[] = [];
  while (line.length > 0 || inWork.length > 0) {
    const busyChats = new Set(inWork.map(({ chat }) => chat));
    const next = nextTurns(line, { nowMs: NOW_MS, freeSlots: slots - inWork.length, busyChats, served });
    for (const job of next) {
      expect(inWork.some(({ chat }) => chat === job.chat)).toBe(false);
      line = line.filter((one) => one !== job);
      inWork.push(job);
      served = [...served.filter((chat) => chat !== job.chat), job.chat];
      begun.push(job.jobId);
    }
    expect(inWork.length).toBeLessThanOrEqual(slots);
    expect(inWork.length).toBeGreaterThan(0);
    const ended = endsFirst(inWork.length);
    inWork = inWork.filter((_job, index) => index !== ended);
  }
  return begun;
}

test('every line is emptied, serial per chat, oldest first, and no chat waits longer than one turn of each other chat', () => {
  const line = fc.uniqueArray(fc.record({ chat: fc.constantFrom('a', 'b', 'c', 'd'), messageId: fc.nat(50) }), {
    selector: ({ chat, messageId }) => `${chat}:${messageId}`,
    maxLength: 40,
  });
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat(100)), (places, slots, draws) => {
      const jobs = places.map(({ chat, messageId }) => held(chat, messageId));
      const begun = order(jobs, slots, (inWork) => (draws.next().value ?? 0) % inWork);
      expect([...begun].sort()).toEqual(jobs.map(({ jobId }) => jobId).sort());
      for (const chat of ['a', 'b', 'c', 'd']) {
        const ids = begun.filter((id) => id.startsWith(chat)).map((id) => Number(id.slice(2)));
        expect(ids).toEqual([...ids].sort((one, other) => one - other));
        if (slots > 1) continue;
        // With one slot nothing but turns decides: between two turns of a chat every chat that waits has one.
        const positions = begun.flatMap((id, index) => (id.startsWith(chat) ? [index] : []));
        for (const [turn, position] of positions.entries()) {
          const next = positions[turn + 1];
          if (next === undefined) continue;
          const between = begun.slice(position + 1, next).map((id) => id[0]);
          for (const other of new Set(begun.slice(next).map((id) => id[0]))) if (other !== chat) expect(between).toContain(other);
        }
      }
    }),
  );
});

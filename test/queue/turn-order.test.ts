import { expect, test } from 'vitest';
import { turnOrder } from '../../src/queue/turn-order.js';
import type { HeldJob } from '../../src/queue/next-turns.js';

const nowMs = 1_000_000;
const held = (chat: string, messageId: number, over: Partial<HeldJob> = {}): HeldJob => ({ jobId: `${chat}:${messageId}`, chat, messageId, notBeforeMs: nowMs - 10, holdsChat: false, ...over });
const ids = (jobs: readonly HeldJob[]): string[] => jobs.map(({ jobId }) => jobId);

test('chats take turns, the oldest message of each first, a chat that is at work after the others', () => {
  const jobs = [held('a', 3), held('a', 1), held('b', 2, { notBeforeMs: nowMs - 5 }), held('a', 2), held('b', 9, { notBeforeMs: nowMs - 5 })];
  expect(ids(turnOrder(jobs, { nowMs, busyChats: new Set() }).due)).toEqual(['a:1', 'b:2', 'a:2', 'b:9', 'a:3']);
  expect(ids(turnOrder(jobs, { nowMs, busyChats: new Set(['a']) }).due)).toEqual(['b:2', 'a:1', 'b:9', 'a:2', 'a:3']);
});

test('what waits for a time comes last, and what is held by it too', () => {
  const jobs = [held('a', 1, { notBeforeMs: nowMs + 9000, holdsChat: true }), held('a', 2), held('b', 1, { notBeforeMs: nowMs + 5000 }), held('b', 2)];
  const { due, later } = turnOrder(jobs, { nowMs, busyChats: new Set() });
  expect(ids(due)).toEqual(['b:2']);
  expect(ids(later)).toEqual(['a:2', 'b:1', 'a:1']);
});

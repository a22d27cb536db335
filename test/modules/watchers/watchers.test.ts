import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModuleMessage } from '../../../src/modules/contract/module-message.js';
import type { AnyWatcher, WatcherFilter } from '../../../src/modules/contract/watcher-definition.js';
import { compileFilter, seenMessage } from '../../../src/modules/watchers/compile-filter.js';
import { MOST_AT_ONCE, WatcherDispatch } from '../../../src/modules/watchers/watcher-dispatch.js';
import { moduleMessageOf } from '../../../src/modules/host/module-message-of.js';
import { settle } from '../../support/fake-clock.js';
import { message } from '../../support/messages.js';

const kinds = ['voice', 'video-note', 'audio', 'video'] as const;
const chatKinds = ['private', 'group', 'supergroup', 'channel'] as const;
const peers = fc.record({ kind: fc.constantFrom('user', 'group', 'channel'), id: fc.constantFrom('1', '2', '3') });
const words = fc.constantFrom('', 'Tea', 'tea', 'ЧАЙ', 'чай и кофе', 'green Tea', '.ping', 'TEA?');

const messages: fc.Arbitrary<ModuleMessage> = fc
  .record({
    chat: peers,
    chatKind: fc.constantFrom(...chatKinds),
    sender: fc.option(fc.record({ kind: fc.constant('user' as const), id: fc.constantFrom('1', '2') }), { nil: undefined }),
    outgoing: fc.boolean(),
    edited: fc.boolean(),
    forwarded: fc.boolean(),
    hasMedia: fc.boolean(),
    text: words,
    replyToMessageId: fc.option(fc.constant(7), { nil: undefined }),
    kind: fc.option(fc.constantFrom(...kinds), { nil: undefined }),
  })
  .map(({ sender, replyToMessageId, kind, hasMedia, ...rest }) => ({
    accountId: 'main',
    messageId: 1,
    dateMs: 1,
    viaBot: false,
    ...rest,
    hasMedia: hasMedia || kind !== undefined,
    ...(sender === undefined ? {} : { sender }),
    ...(replyToMessageId === undefined ? {} : { replyToMessageId }),
    ...(kind === undefined ? {} : { voice: { kind, sizeBytes: 1, durationSec: 1, mimeType: 'audio/ogg' } }),
  }));

const filters: fc.Arbitrary<WatcherFilter> = fc.record(
  {
    direction: fc.constantFrom('incoming', 'outgoing'),
    chatKinds: fc.subarray([...chatKinds]),
    chats: fc.subarray(['u1', 'g2', 'c3', 'u2']),
    from: fc.subarray(['1', '2']),
    media: fc.oneof(fc.constantFrom('none' as const, 'any' as const), fc.subarray([...kinds])),
    text: fc.record({ startsWith: words, endsWith: words, contains: words, matches: fc.constantFrom('^tea', 'ч.й', '\\?$') }, { requiredKeys: [] }),
    edits: fc.constantFrom('without', 'with', 'only'),
    forwards: fc.constantFrom('without', 'with', 'only'),
    replies: fc.constantFrom('without', 'only'),
  },
  { requiredKeys: [] },
);

/** The filter as its docstrings read, condition by condition. */
function naively(filter: WatcherFilter, one: ModuleMessage): boolean {
  const text = one.text.toLowerCase();
  const has = (wanted: string, is: boolean): boolean => wanted === 'with' || (wanted === 'only') === is;
  const { startsWith = '', endsWith = '', contains = '', matches } = filter.text ?? {};
  const isWanted = (media: NonNullable<WatcherFilter['media']>): boolean =>
    media === 'any' ? one.hasMedia : media === 'none' ? !one.hasMedia : media.some((kind) => kind === one.voice?.kind);
  return (
    (filter.direction === undefined || (filter.direction === 'outgoing') === one.outgoing) &&
    (filter.chatKinds?.includes(one.chatKind) ?? true) &&
    (filter.chats?.includes(one.chat.kind.charAt(0) + one.chat.id) ?? true) &&
    (filter.from === undefined || (one.sender !== undefined && filter.from.includes(one.sender.id))) &&
    (filter.media === undefined || isWanted(filter.media)) &&
    text.startsWith(startsWith.toLowerCase()) &&
    text.endsWith(endsWith.toLowerCase()) &&
    text.includes(contains.toLowerCase()) &&
    (matches === undefined || new RegExp(matches, 'i').test(one.text)) &&
    has(filter.edits ?? 'without', one.edited) &&
    has(filter.forwards ?? 'with', one.forwarded) &&
    has(filter.replies ?? 'with', one.replyToMessageId !== undefined)
  );
}

test('a compiled filter lets through what the filter says, and nothing else', () => {
  fc.assert(
    fc.property(filters, messages, (filter, one) => {
      expect(compileFilter(filter)(seenMessage(one))).toBe(naively(filter, one));
    }),
    { numRuns: 2000 },
  );
});

function watcher(name: string, filter: WatcherFilter = {}): AnyWatcher {
  return { name, filter, run: () => Promise.resolve() };
}

test('a watcher that picks its messages misses none of them, however busy it is, and no others cost it a turn', async () => {
  const dropped: unknown[] = [];
  const dispatch = new WatcherDispatch(({ name }) => dropped.push(name));
  const done: (() => void)[] = [];
  const seen: number[] = [];
  const picky: AnyWatcher = { ...watcher('picky'), wants: ({ messageId }) => messageId % 2 === 0 };
  const run = (_watcher: AnyWatcher, { messageId }: ModuleMessage) => (seen.push(messageId), new Promise<void>((resolve) => done.push(resolve)));
  const remove = dispatch.post([picky], run, (one, message) => one.wants?.(message, undefined as never) ?? true);
  for (let messageId = 1; messageId <= 6 * MOST_AT_ONCE; messageId += 1) dispatch.offer(moduleMessageOf(message({ messageId })));
  expect(seen).toHaveLength(MOST_AT_ONCE);
  while (done.length > 0 && seen.length < 3 * MOST_AT_ONCE) {
    done.shift()?.();
    await settle();
  }
  expect(seen).toEqual(Array.from({ length: 3 * MOST_AT_ONCE }, (_, at) => 2 * at + 2));
  dispatch.offer(moduleMessageOf(message({ messageId: 1000 })));
  remove();
  for (const each of done) each();
  await settle();
  expect(seen).not.toContain(1000);
  expect(dropped).toEqual([]);
});

test('a watcher with many messages in work misses the next ones, which is counted; the others see them', async () => {
  const dropped: unknown[] = [];
  const dispatch = new WatcherDispatch(({ name }, missed) => dropped.push([name, missed]));
  const done: (() => void)[] = [];
  const seen: number[] = [];
  dispatch.post([watcher('slow')], () => new Promise((resolve) => done.push(resolve)));
  const remove = dispatch.post([watcher('quick')], (_watcher, one) => Promise.resolve(void seen.push(one.messageId)));
  const offer = async (messageId: number): Promise<void> => {
    dispatch.offer(moduleMessageOf(message({ messageId })));
    await settle();
  };
  for (let at = 1; at <= MOST_AT_ONCE + 2; at += 1) await offer(at);
  expect(done).toHaveLength(MOST_AT_ONCE);
  expect(dropped).toEqual([['slow', 1], ['slow', 2]]);
  expect(seen).toHaveLength(MOST_AT_ONCE + 2);
  done[0]?.();
  await settle();
  remove();
  await offer(99);
  expect(done).toHaveLength(MOST_AT_ONCE + 1);
  expect(seen).not.toContain(99);
});

import { expect, test } from 'vitest';
import { MessageVersions } from '../../src/intake/message-versions.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { message, ownCommand } from '../support/messages.js';

const START_MS = 1_000_000;

function ground(capacity = 100) {
  let nowMs = START_MS + 10_000;
  const versions = new MessageVersions({ sinceMs: () => START_MS, nowMs: () => nowMs, capacity });
  return { versions, pass: (ms: number) => (nowMs += ms) };
}

const { chat } = ownCommand('');

function typed(text: string, over: Partial<IncomingMessage> = {}): IncomingMessage {
  return ownCommand(text, { messageId: 7, ...over });
}

function edited(text: string, afterMs: number, over: Partial<IncomingMessage> = {}): IncomingMessage {
  return typed(text, { edited: true, editedAtMs: START_MS + afterMs, ...over });
}

test('a message is news once, and each new text that its writer gives it', () => {
  const { versions } = ground();
  const news = [typed('.ping'), typed('.ping'), edited('.status', 20_000), edited('.status', 20_000), edited('.ping', 30_000)];
  expect(news.map((one) => versions.isNews(one))).toEqual([true, false, true, false, true]);
});

test('what Telegram repeats because of a preview, a reaction or a pin is no news', () => {
  const { versions } = ground();
  expect(versions.isNews(typed('.note https://example.org'))).toBe(true);
  const { editedAtMs: _none, ...previewed } = edited('.note https://example.org', 0);
  expect(versions.isNews(previewed)).toBe(false);
  expect(versions.isNews(edited('.note x', 20_000))).toBe(true);
  versions.writes({ chat, messageId: 7, text: '✅ noted' });
  expect(versions.isNews(edited('.note x', 20_000))).toBe(false);
});

test('an answer that looks like a command does not run, early, late, twice or out of order', () => {
  const { versions } = ground();
  expect(versions.isNews(typed('.note'))).toBe(true);
  versions.writes({ chat, messageId: 7, text: '… 10 %' });
  versions.writes({ chat, messageId: 7, text: ' .terminal rm -rf /\n' });
  for (const text of ['.terminal rm -rf /', '… 10 %', '.terminal rm -rf /', '.terminal  rm\u00a0-rf\u200b /']) {
    expect(versions.isNews(edited(text, 30_000)), text).toBe(false);
  }
});

test('the owner may put the command back in the place of its answer, and it runs again', () => {
  const { versions } = ground();
  versions.isNews(typed('.ping'));
  versions.writes({ chat, messageId: 7, text: '🏓 42 ms' });
  expect(versions.isNews(edited('.ping', 30_000))).toBe(true);
  expect(versions.isNews(edited('.ping', 30_000))).toBe(false);
});

test('a message that is sent does not run, whether its update comes before the answer, after it, or the answer is lost', () => {
  const { versions } = ground();
  const early = { chat, text: '.early', randomId: '1' };
  versions.writes(early);
  expect(versions.isNews(typed('.early', { messageId: 1 }))).toBe(false);
  versions.wrote(early, 1);
  expect(versions.isNews(typed('.early', { messageId: 1 }))).toBe(false);
  const late = { chat, text: '.late', randomId: '2' };
  versions.writes(late);
  versions.wrote(late, 2);
  expect(versions.isNews(typed('.late', { messageId: 2 }))).toBe(false);
  versions.writes({ chat, text: '.lost', randomId: '3' });
  expect(versions.isNews(typed('.lost', { messageId: 3 }))).toBe(false);
});

test('what the owner types while something is sent to the same chat is theirs, and the same words are again, once it is sent', () => {
  const { versions } = ground();
  const writing = { chat, text: '.same', randomId: '1' };
  versions.writes(writing);
  expect(versions.isNews(typed('.other', { messageId: 1 }))).toBe(true);
  expect(versions.isNews(typed('.same', { messageId: 2, chat: { kind: 'group', id: '9' } }))).toBe(true);
  versions.wrote(writing, 3);
  expect(versions.isNews(typed('.same', { messageId: 4 }))).toBe(true);
});

test('an older edit that comes after a newer one is no news', () => {
  const { versions } = ground();
  versions.isNews(typed('.one'));
  expect(versions.isNews(edited('.three', 30_000))).toBe(true);
  expect(versions.isNews(edited('.two', 20_000))).toBe(false);
});

test('of a message that nobody remembers only an edit that was made since is news', () => {
  const { versions, pass } = ground(3);
  expect(versions.isNews(edited('.by an earlier process', -5000))).toBe(false);
  expect(versions.isNews(edited('.in the second of the start', 0))).toBe(false);
  versions.writes({ chat, messageId: 7, text: '.forgotten' });
  for (const messageId of [11, 12, 13]) versions.isNews(typed('x', { messageId }));
  expect(versions.isNews(edited('.forgotten', 10_000))).toBe(false);
  pass(60_000);
  expect(versions.isNews(edited('.a new wish', 65_000))).toBe(true);
});

test('an edit by somebody else is news once for each text', () => {
  const { versions } = ground();
  const anna = (over: Partial<IncomingMessage>) => message({ messageId: 7, ...over });
  const said = [anna({ text: '.ping' }), anna({ text: '.ping', edited: true }), anna({ text: '.pin', edited: true, editedAtMs: START_MS + 20_000 })];
  expect([...said, said.at(-1)!].map((one) => versions.isNews(one))).toEqual([true, false, true, false]);
});

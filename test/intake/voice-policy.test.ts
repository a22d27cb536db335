import { expect, test } from 'vitest';
import { voicePolicy, voiceRuleNames, type PolicyDecision, type PolicyInput } from '../../src/intake/voice-policy.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { message, voiceMedia, voiceMessage } from '../support/messages.js';

const supergroup = { chat: { kind: 'channel', id: '9', accessHash: '9' }, chatKind: 'supergroup' } as const;
const choices = { own: 'nowhere', incoming: 'everywhere', files: 'none' } as const;
const tracked = { senderIsTracked: true } as const;
const music = { ...voiceMedia, kind: 'audio' } as const;

const cases: [string, IncomingMessage, Partial<PolicyInput>, PolicyDecision][] = [
  ['a voice of a tracked person', voiceMessage(), tracked, { take: true, because: 'tracked-person' }],
  ['a video note of a tracked person in a supergroup', voiceMessage({ ...supergroup, voice: { ...voiceMedia, kind: 'video-note' } }), tracked, { take: true, because: 'tracked-person' }],
  ['a voice of anybody in a tracked chat', voiceMessage(supergroup), { chatIsTracked: true }, { take: true, because: 'tracked-chat' }],
  ['a voice of somebody else', voiceMessage(), {}, { take: false, because: 'not-tracked' }],
  ['a text', message(), tracked, { take: false, because: 'not-a-voice' }],
  ['a music file', voiceMessage({ voice: music }), tracked, { take: false, because: 'file' }],
  ['a music file where videos are on', voiceMessage({ voice: music }), { ...tracked, choices: { ...choices, files: 'video' } }, { take: false, because: 'file' }],
  ['a music file where audio is on', voiceMessage({ voice: music }), { ...tracked, choices: { ...choices, files: 'audio' } }, { take: true, because: 'tracked-person' }],
  ['an edited voice (its caption)', voiceMessage({ edited: true }), tracked, { take: false, because: 'edited' }],
  ['an own voice', voiceMessage({ outgoing: true }), {}, { take: false, because: 'own-off' }],
  ['an own voice in a tracked chat', voiceMessage({ ...supergroup, outgoing: true }), { chatIsTracked: true }, { take: false, because: 'own-off' }],
  ['an own voice where that is on', voiceMessage({ outgoing: true }), { choices: { ...choices, own: 'private' } }, { take: true, because: 'own' }],
  ['an own voice in a group where only private ones are on', voiceMessage({ ...supergroup, outgoing: true }), { choices: { ...choices, own: 'private' } }, { take: false, because: 'own-off' }],
  ['a voice in a channel', voiceMessage({ chatKind: 'channel' }), { chatIsTracked: true }, { take: false, because: 'channel-post' }],
  ['a tracked person who does not want it', voiceMessage(), { ...tracked, optedOut: true }, { take: false, because: 'opted-out' }],
  ['somebody in a tracked chat who does not want it', voiceMessage(supergroup), { chatIsTracked: true, optedOut: true }, { take: false, because: 'opted-out' }],
  ['a tracked person who was put aside', voiceMessage(), { ...tracked, ignored: true }, { take: false, because: 'ignored' }],
  ['a tracked person in a private chat where only groups are on', voiceMessage(), { ...tracked, choices: { ...choices, incoming: 'groups' } }, { take: false, because: 'chat-kind' }],
];

test.each(cases)('%s', (_name, given, over, decision) => {
  const input = { message: given, choices, senderIsTracked: false, chatIsTracked: false, optedOut: false, ignored: false, ...over };
  expect(voicePolicy(input)).toEqual(decision);
});

test('each rule decides somewhere above', () => {
  expect([...new Set(cases.map(([, , , { because }]) => because))].sort()).toEqual([...voiceRuleNames].sort());
});

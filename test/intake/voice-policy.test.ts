import { expect, test } from 'vitest';
import { voicePolicy, voiceRuleNames, type PolicyInput, type VoiceRule } from '../../src/intake/voice-policy.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { message, voiceMedia, voiceMessage } from '../support/messages.js';

const supergroup = { chat: { kind: 'channel', id: '9', accessHash: '9' }, chatKind: 'supergroup' } as const;
const choices = { own: 'nowhere', incoming: 'everywhere', files: 'none' } as const;
const tracked = { senderIsTracked: true } as const;
const music = { ...voiceMedia, kind: 'audio' } as const;

const cases: [string, IncomingMessage, Partial<PolicyInput>, take: boolean, VoiceRule][] = [
  ['a voice of a tracked person', voiceMessage(), tracked, true, 'tracked-person'],
  ['a video note of a tracked person in a supergroup', voiceMessage({ ...supergroup, voice: { ...voiceMedia, kind: 'video-note' } }), tracked, true, 'tracked-person'],
  ['a voice of anybody in a tracked chat', voiceMessage(supergroup), { chatIsTracked: true }, true, 'tracked-chat'],
  ['a voice of somebody else', voiceMessage(), {}, false, 'not-tracked'],
  ['a text', message(), tracked, false, 'not-a-voice'],
  ['a music file', voiceMessage({ voice: music }), tracked, false, 'file'],
  ['a music file where videos are on', voiceMessage({ voice: music }), { ...tracked, choices: { ...choices, files: 'video' } }, false, 'file'],
  ['a music file where audio is on', voiceMessage({ voice: music }), { ...tracked, choices: { ...choices, files: 'audio' } }, true, 'tracked-person'],
  ['an edited voice (its caption)', voiceMessage({ edited: true }), tracked, false, 'edited'],
  ['an own voice', voiceMessage({ outgoing: true }), {}, false, 'own-off'],
  ['an own voice in a tracked chat', voiceMessage({ ...supergroup, outgoing: true }), { chatIsTracked: true }, false, 'own-off'],
  ['an own voice where that is on', voiceMessage({ outgoing: true }), { choices: { ...choices, own: 'private' } }, true, 'own'],
  ['an own voice in a group where only private ones are on', voiceMessage({ ...supergroup, outgoing: true }), { choices: { ...choices, own: 'private' } }, false, 'own-off'],
  ['a voice in a channel', voiceMessage({ chatKind: 'channel' }), { chatIsTracked: true }, false, 'channel-post'],
  ['a tracked person who does not want it', voiceMessage(), { ...tracked, optedOut: true }, false, 'opted-out'],
  ['somebody in a tracked chat who does not want it', voiceMessage(supergroup), { chatIsTracked: true, optedOut: true }, false, 'opted-out'],
  ['a tracked person who was put aside', voiceMessage(), { ...tracked, ignored: true }, false, 'ignored'],
  ['a tracked person in a private chat where only groups are on', voiceMessage(), { ...tracked, choices: { ...choices, incoming: 'groups' } }, false, 'chat-kind'],
];

test.each(cases)('%s', (_name, given, over, take, because) => {
  const input = { message: given, choices, senderIsTracked: false, chatIsTracked: false, optedOut: false, ignored: false, ...over };
  expect(voicePolicy(input)).toEqual({ take, because });
});

test('each rule decides somewhere above', () => {
  expect([...new Set(cases.map(([, , , , rule]) => rule))].sort()).toEqual([...voiceRuleNames].sort());
});

import { expect, test } from 'vitest';
import { voicePolicy, type PolicyInput } from '../../src/intake/voice-policy.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { message, voiceMedia, voiceMessage } from '../support/messages.js';

const group = { chat: { kind: 'channel', id: '9', accessHash: '9' }, chatKind: 'supergroup' } as const;

test.each<[string, IncomingMessage, Partial<PolicyInput>, true | string]>([
  ['a voice of a tracked person', voiceMessage(), {}, true],
  ['a video note of a tracked person in a supergroup', voiceMessage({ ...group, voice: { ...voiceMedia, kind: 'video-note' } }), {}, true],
  ['a voice of somebody else', voiceMessage(), { senderIsTracked: false }, 'not-tracked'],
  ['a text', message(), {}, 'not-a-voice'],
  ['a music file', voiceMessage({ voice: { ...voiceMedia, kind: 'audio' } }), {}, 'not-a-voice'],
  ['an edited voice (its caption)', voiceMessage({ edited: true }), {}, 'edited'],
  ['an own voice', voiceMessage({ outgoing: true }), {}, 'own'],
  ['an own voice where that is on', voiceMessage({ outgoing: true }), { transcribeOwn: true }, true],
  ['a voice in a channel', voiceMessage({ chatKind: 'channel' }), {}, 'channel-post'],
])('%s', (_name, given, over, expected) => {
  const decision = voicePolicy({ message: given, senderIsTracked: true, transcribeOwn: false, ...over });
  expect(decision.take ? true : decision.because).toBe(expected);
});

test('a voice without a known sender is left alone', () => {
  const { sender: _, ...anonymous } = voiceMessage(group);
  expect(voicePolicy({ message: anonymous, senderIsTracked: false, transcribeOwn: false }).take).toBe(false);
});

import { expect, test } from 'vitest';
import { SpeechKnowledge } from '../../src/voice/speech-knowledge.js';
import { scopeKey } from '../../src/voice/speech-scope.js';

const nothing = { times: {}, unasked: 0 };

test('names and jargon of the account, the chat and the person are listened for together, the most specific last', async () => {
  const chosen: Record<string, string[]> = { account: ['Aria', 'Helm'], 'chat:g7': ['kubectl'], 'person:5': ['Helm', 'Гамаюн'], 'person:6': ['nobody'] };
  const knowledge = new SpeechKnowledge({
    choices: { languages: () => Promise.resolve({}), vocabulary: (_account, scope) => Promise.resolve(chosen[scopeKey(scope)] ?? []), models: () => Promise.resolve({}) },
    speakers: { read: () => Promise.resolve({ speaker: nothing, everybody: nothing }), learn: () => Promise.resolve() },
    setting: { language: [], vocabulary: ['whisper'] },
    ownerLanguage: 'en',
  });
  const voice = { accountId: 'main', chat: { kind: 'group' as const, id: '7' }, senderId: '5' };
  expect((await knowledge.listeningTo(voice)).vocabulary).toEqual(['whisper', 'Aria', 'kubectl', 'Helm', 'Гамаюн']);
  expect((await knowledge.listeningTo({ accountId: 'main', chat: voice.chat })).vocabulary).toEqual(['whisper', 'Aria', 'Helm', 'kubectl']);
});

test('a voice is heard by the model of its person before that of its chat, and else by the one for all', async () => {
  const chosen: Record<string, string> = { 'person:5': 'tiny', 'chat:g7': 'small' };
  const knowledge = new SpeechKnowledge({
    choices: {
      languages: () => Promise.resolve({}),
      vocabulary: () => Promise.resolve([]),
      models: (account, scopes) => Promise.resolve(Object.fromEntries(scopes.flatMap((scope) => (account === 'main' && scopeKey(scope) in chosen ? [[scope.of, chosen[scopeKey(scope)]]] : [])))),
    },
    speakers: { read: () => Promise.resolve({ speaker: nothing, everybody: nothing }), learn: () => Promise.resolve() },
    setting: { language: [], vocabulary: [] },
    ownerLanguage: 'en',
  });
  const family = { accountId: 'main', chat: { kind: 'group' as const, id: '7' } };
  const elsewhere = { accountId: 'main', chat: { kind: 'user' as const, id: '5', accessHash: '55' } };
  expect(await knowledge.modelFor({ ...family, senderId: '5' })).toBe('tiny');
  expect(await knowledge.modelFor({ ...family, senderId: '6' })).toBe('small');
  expect(await knowledge.modelFor(family)).toBe('small');
  expect(await knowledge.modelFor({ ...elsewhere, senderId: '5' })).toBe('tiny');
  expect(await knowledge.modelFor(elsewhere)).toBeUndefined();
  expect(await knowledge.modelFor({ ...family, accountId: 'other', senderId: '5' })).toBeUndefined();
});

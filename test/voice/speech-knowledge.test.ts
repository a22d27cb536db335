import { expect, test } from 'vitest';
import { SpeechKnowledge } from '../../src/voice/speech-knowledge.js';
import { scopeKey } from '../../src/voice/speech-scope.js';

test('names and jargon of the account, the chat and the person are listened for together, the most specific last', async () => {
  const chosen: Record<string, string[]> = { account: ['Aria', 'Helm'], 'chat:g7': ['kubectl'], 'person:5': ['Helm', 'Гамаюн'], 'person:6': ['nobody'] };
  const nothing = { times: {}, unasked: 0 };
  const knowledge = new SpeechKnowledge({
    choices: { languages: () => Promise.resolve({}), vocabulary: (_account, scope) => Promise.resolve(chosen[scopeKey(scope)] ?? []) },
    speakers: { read: () => Promise.resolve({ speaker: nothing, everybody: nothing }), learn: () => Promise.resolve() },
    setting: { language: [], vocabulary: ['whisper'] },
    ownerLanguage: 'en',
  });
  const voice = { accountId: 'main', chat: { kind: 'group' as const, id: '7' }, senderId: '5' };
  expect((await knowledge.listeningTo(voice)).vocabulary).toEqual(['whisper', 'Aria', 'kubectl', 'Helm', 'Гамаюн']);
  expect((await knowledge.listeningTo({ accountId: 'main', chat: voice.chat })).vocabulary).toEqual(['whisper', 'Aria', 'Helm', 'kubectl']);
});

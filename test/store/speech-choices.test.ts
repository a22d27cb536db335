import { expect, test } from 'vitest';
import { redisKeys } from '../../src/store/redis-keys.js';
import { SpeechChoices } from '../../src/store/speech-choices.js';
import { StoredAccountState } from '../../src/store/stored-account-state.js';
import { scopesOf, type SpeechScope } from '../../src/voice/speech-scope.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const person: SpeechScope = { of: 'person', id: '5' };
const chat: SpeechScope = { of: 'chat', peer: { kind: 'group', id: '7' } };
const scopes = scopesOf({ chat: { kind: 'group', id: '7' }, senderId: '5' });

test('languages, ways of delivery and models are chosen for each scope of each account on its own, and taken back once', async () => {
  const choices = new SpeechChoices(context.redis);
  await choices.chooseLanguages('main', { of: 'account' }, ['ru', 'en']);
  await choices.chooseDelivery('main', chat, 'quote');
  await choices.chooseModel('main', person, 'small');
  await choices.chooseModel('main', chat, 'large-v3-turbo-q5_0');
  await choices.chooseModel('other', chat, 'tiny');
  expect(await choices.languages('main', scopes)).toEqual({ account: ['ru', 'en'] });
  expect(await choices.deliveries('main', scopes)).toEqual({ chat: 'quote' });
  expect(await choices.models('main', scopes)).toEqual({ person: 'small', chat: 'large-v3-turbo-q5_0' });
  expect(await choices.models('main', [person])).toEqual({ person: 'small' });
  for (const reset of [() => choices.resetLanguages('main', { of: 'account' }), () => choices.resetDelivery('main', chat), () => choices.resetModel('main', chat)]) {
    expect(await reset()).toBe(true);
    expect(await reset()).toBe(false);
  }
  expect(await choices.languages('main', scopes)).toEqual({});
  expect(await choices.deliveries('main', scopes)).toEqual({});
  expect(await choices.models('main', scopes)).toEqual({ person: 'small' });
  expect(await choices.models('other', scopes)).toEqual({ chat: 'tiny' });
});

test('what stands there and can be no choice was not chosen', async () => {
  const choices = new SpeechChoices(context.redis);
  await context.redis.hset(redisKeys.models('odd'), { 'person:5': '../../etc/passwd', 'chat:g7': '' });
  await context.redis.hset(redisKeys.deliveries('odd'), { 'person:5': 'shout' });
  expect(await choices.models('odd', scopes)).toEqual({});
  expect(await choices.deliveries('odd', scopes)).toEqual({});
});

test('the models of chats and people are in a backup and come back with it', async () => {
  const choices = new SpeechChoices(context.redis);
  const state = new StoredAccountState(context.redis, 'kept');
  await choices.chooseModel('kept', chat, 'small');
  const backup = await state.read();
  await choices.resetModel('kept', chat);
  await choices.chooseModel('kept', person, 'tiny');
  await state.apply(backup, { withRules: false });
  expect(await choices.models('kept', scopes)).toEqual({ chat: 'small' });
});

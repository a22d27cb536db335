import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseLanguageChoice, writeLanguageChoice, type LanguageChoice } from '../speech/language/language-choice.js';
import { parseVocabulary, type Vocabulary } from '../speech/vocabulary/vocabulary.js';
import { deliveries, type Delivery } from '../voice/delivery.js';
import { scopeKey, type SpeechScope } from '../voice/speech-scope.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

/** What the owner chose for people, chats and accounts: languages, vocabulary, and how the text is delivered. */
export class SpeechChoices {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** What was chosen for each of the scopes; what cannot be read was not. */
  async languages<S extends SpeechScope>(account: string, scopes: readonly S[]): Promise<Partial<Record<S['of'], LanguageChoice>>> {
    const stored = await this.#redis.hmget(redisKeys.languages(account), ...scopes.map(scopeKey));
    const chosen = scopes.flatMap((scope, at) => {
      const choice = parseLanguageChoice(stored[at] ?? '');
      return choice === undefined ? [] : [[scope.of, choice] as const];
    });
    return Object.fromEntries(chosen) as Partial<Record<S['of'], LanguageChoice>>;
  }

  async chooseLanguages(account: string, scope: SpeechScope, choice: LanguageChoice): Promise<void> {
    await this.#redis.hset(redisKeys.languages(account), scopeKey(scope), writeLanguageChoice(choice));
  }

  /** False where nothing had been chosen. */
  async resetLanguages(account: string, scope: SpeechScope): Promise<boolean> {
    return (await this.#redis.hdel(redisKeys.languages(account), scopeKey(scope))) === 1;
  }

  /** What was chosen for each of the scopes; what cannot be read was not. */
  async deliveries<S extends SpeechScope>(account: string, scopes: readonly S[]): Promise<Partial<Record<S['of'], Delivery>>> {
    const stored = await this.#redis.hmget(redisKeys.deliveries(account), ...scopes.map(scopeKey));
    const chosen = scopes.flatMap((scope, at) => {
      const delivery = deliveries.find((one) => one === stored[at]);
      return delivery === undefined ? [] : [[scope.of, delivery] as const];
    });
    return Object.fromEntries(chosen) as Partial<Record<S['of'], Delivery>>;
  }

  async chooseDelivery(account: string, scope: SpeechScope, delivery: Delivery): Promise<void> {
    await this.#redis.hset(redisKeys.deliveries(account), scopeKey(scope), delivery);
  }

  /** False where nothing had been chosen. */
  async resetDelivery(account: string, scope: SpeechScope): Promise<boolean> {
    return (await this.#redis.hdel(redisKeys.deliveries(account), scopeKey(scope))) === 1;
  }

  /** Names and jargon of the scope, the oldest first. */
  async vocabulary(account: string, scope: SpeechScope): Promise<Vocabulary> {
    const stored = storedJson(z.array(z.string()), await this.#redis.hget(redisKeys.vocabulary(account), scopeKey(scope)));
    return parseVocabulary((stored ?? []).join(',')) ?? [];
  }

  async setVocabulary(account: string, scope: SpeechScope, vocabulary: Vocabulary): Promise<void> {
    if (vocabulary.length === 0) await this.#redis.hdel(redisKeys.vocabulary(account), scopeKey(scope));
    else await this.#redis.hset(redisKeys.vocabulary(account), scopeKey(scope), JSON.stringify(vocabulary));
  }
}

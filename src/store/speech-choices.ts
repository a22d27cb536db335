import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseLanguageChoice, writeLanguageChoice, type LanguageChoice } from '../speech/language/language-choice.js';
import { isModelName } from '../speech/model-path.js';
import { parseVocabulary, type Vocabulary } from '../speech/vocabulary/vocabulary.js';
import { deliveries, type Delivery } from '../voice/delivery.js';
import { scopeKey, type SpeechScope } from '../voice/speech-scope.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

type Chosen<S extends SpeechScope, T> = Partial<Record<S['of'], T>>;

/** What the owner chose for people, chats and accounts: languages, vocabulary, the model, and how the text is delivered. */
export class SpeechChoices {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** What was chosen for each of the scopes; what cannot be read was not. */
  languages<S extends SpeechScope>(account: string, scopes: readonly S[]): Promise<Chosen<S, LanguageChoice>> {
    return this.#chosen(redisKeys.languages(account), scopes, parseLanguageChoice);
  }

  async chooseLanguages(account: string, scope: SpeechScope, choice: LanguageChoice): Promise<void> {
    await this.#redis.hset(redisKeys.languages(account), scopeKey(scope), writeLanguageChoice(choice));
  }

  /** False where nothing had been chosen. */
  resetLanguages(account: string, scope: SpeechScope): Promise<boolean> {
    return this.#reset(redisKeys.languages(account), scope);
  }

  /** What was chosen for each of the scopes; what cannot be read was not. */
  deliveries<S extends SpeechScope>(account: string, scopes: readonly S[]): Promise<Chosen<S, Delivery>> {
    return this.#chosen(redisKeys.deliveries(account), scopes, (stored) => deliveries.find((one) => one === stored));
  }

  async chooseDelivery(account: string, scope: SpeechScope, delivery: Delivery): Promise<void> {
    await this.#redis.hset(redisKeys.deliveries(account), scopeKey(scope), delivery);
  }

  /** False where nothing had been chosen. */
  resetDelivery(account: string, scope: SpeechScope): Promise<boolean> {
    return this.#reset(redisKeys.deliveries(account), scope);
  }

  /** What was chosen for each of the scopes, whether it is on this machine or not; what cannot be a model's name was not. */
  models<S extends SpeechScope>(account: string, scopes: readonly S[]): Promise<Chosen<S, string>> {
    return this.#chosen(redisKeys.models(account), scopes, (stored) => (isModelName(stored) ? stored : undefined));
  }

  async chooseModel(account: string, scope: SpeechScope, model: string): Promise<void> {
    await this.#redis.hset(redisKeys.models(account), scopeKey(scope), model);
  }

  /** False where nothing had been chosen. */
  resetModel(account: string, scope: SpeechScope): Promise<boolean> {
    return this.#reset(redisKeys.models(account), scope);
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

  async #chosen<S extends SpeechScope, T>(key: string, scopes: readonly S[], parse: (stored: string) => T | undefined): Promise<Chosen<S, T>> {
    if (scopes.length === 0) return {};
    const stored = await this.#redis.hmget(key, ...scopes.map(scopeKey));
    const chosen = scopes.flatMap((scope, at) => {
      const choice = parse(stored[at] ?? '');
      return choice === undefined ? [] : [[scope.of, choice] as const];
    });
    return Object.fromEntries(chosen) as Chosen<S, T>;
  }

  async #reset(key: string, scope: SpeechScope): Promise<boolean> {
    return (await this.#redis.hdel(key, scopeKey(scope))) === 1;
  }
}

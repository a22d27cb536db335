import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CommandLineChoices } from '../modules/command-line/command-line-choices.js';
import type { ModuleLanguage } from '../modules/contract/localized.js';
import type { ModuleMessage, PeerId } from '../modules/contract/module-message.js';
import { peerKey } from '../telegram/peer.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

export interface OwnerChoicesDependencies {
  redis: Redis;
  account: string;
  /** As the host's configuration says. */
  configured: { prefix: string; language: ModuleLanguage };
}

/** A chat or person that commands and watchers are kept from. */
export interface Ignored {
  peer: PeerId;
  name: string;
  sinceMs: number;
}

const ignoredSchema = z.object({
  peer: z.object({ kind: z.enum(['user', 'group', 'channel']), id: z.string() }),
  name: z.string(),
  sinceMs: z.number(),
});
const prefixSchema = z.object({ prefix: z.string(), configured: z.string() });

/**
 * How the owner of an account wants commands typed and answered. Kept in Redis and in memory: a change is in Redis first, and
 * counts at once. A prefix counts as long as the configured one is what it was then: who has forgotten theirs changes
 * that on the host.
 */
export class OwnerChoices implements CommandLineChoices {
  readonly #redis: Redis;
  readonly #account: string;
  readonly #configured: OwnerChoicesDependencies['configured'];
  #prefix: string | undefined;
  #language: ModuleLanguage | undefined;
  #aliases: ReadonlyMap<string, string> = new Map();
  #ignored: ReadonlyMap<string, Ignored> = new Map();

  constructor({ redis, account, configured }: OwnerChoicesDependencies) {
    this.#redis = redis;
    this.#account = account;
    this.#configured = configured;
  }

  /** Reads what was chosen; until then everything is as configured. */
  async load(): Promise<void> {
    const [line, aliases, ignored] = await Promise.all([
      this.#redis.hgetall(redisKeys.commandLine(this.#account)),
      this.#redis.hgetall(redisKeys.aliases(this.#account)),
      this.#redis.hgetall(redisKeys.ignored(this.#account)),
    ]);
    const chosen = storedJson(prefixSchema, line['prefix']);
    this.#prefix = chosen?.configured === this.#configured.prefix ? chosen.prefix : undefined;
    this.#language = line['language'] === 'ru' || line['language'] === 'en' ? line['language'] : undefined;
    this.#aliases = new Map(Object.entries(aliases).sort(([one], [other]) => one.localeCompare(other)));
    this.#ignored = new Map(
      Object.entries(ignored).flatMap(([key, json]) => {
        const entry = storedJson(ignoredSchema, json);
        return entry === undefined ? [] : [[key, entry] as const];
      }),
    );
  }

  get prefix(): string {
    return this.#prefix ?? this.#configured.prefix;
  }

  /** What the prefix is where nobody chose one. */
  get configuredPrefix(): string {
    return this.#configured.prefix;
  }

  get language(): ModuleLanguage {
    return this.#language ?? this.#configured.language;
  }

  get aliases(): ReadonlyMap<string, string> {
    return this.#aliases;
  }

  /** The oldest first. */
  get ignored(): readonly Ignored[] {
    return [...this.#ignored.values()].sort((one, other) => one.sinceMs - other.sinceMs);
  }

  /** Never what the owner writes: nobody locks themselves out. */
  ignores({ chat, sender, outgoing }: Pick<ModuleMessage, 'chat' | 'sender' | 'outgoing'>): boolean {
    if (outgoing || this.#ignored.size === 0) return false;
    return this.#ignored.has(peerKey(chat)) || (sender !== undefined && this.#ignored.has(peerKey(sender)));
  }

  async choosePrefix(prefix: string): Promise<void> {
    const chosen = { prefix, configured: this.#configured.prefix };
    await this.#redis.hset(redisKeys.commandLine(this.#account), 'prefix', JSON.stringify(chosen));
    this.#prefix = prefix;
  }

  async chooseLanguage(language: ModuleLanguage): Promise<void> {
    await this.#redis.hset(redisKeys.commandLine(this.#account), 'language', language);
    this.#language = language;
  }

  async setAlias(name: string, meaning: string): Promise<void> {
    await this.#redis.hset(redisKeys.aliases(this.#account), name, meaning);
    this.#aliases = new Map([...this.#aliases, [name, meaning] as const].sort(([one], [other]) => one.localeCompare(other)));
  }

  /** False where there was none. */
  async removeAlias(name: string): Promise<boolean> {
    const isGone = (await this.#redis.hdel(redisKeys.aliases(this.#account), name)) === 1;
    this.#aliases = new Map([...this.#aliases].filter(([alias]) => alias !== name));
    return isGone;
  }

  /** False where it was ignored already. */
  async ignore(ignored: Ignored): Promise<boolean> {
    const key = peerKey(ignored.peer);
    const isNew = (await this.#redis.hset(redisKeys.ignored(this.#account), key, JSON.stringify(ignored))) === 1;
    this.#ignored = new Map([...this.#ignored, [key, ignored] as const]);
    return isNew;
  }

  /** False where it was not ignored. */
  async unignore(peer: PeerId): Promise<boolean> {
    const key = peerKey(peer);
    const isGone = (await this.#redis.hdel(redisKeys.ignored(this.#account), key)) === 1;
    this.#ignored = new Map([...this.#ignored].filter(([one]) => one !== key));
    return isGone;
  }
}

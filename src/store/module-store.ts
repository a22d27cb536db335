import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import type { ModuleStore } from '../modules/contract/capabilities.js';
import type { Module } from '../modules/contract/define-module.js';
import { redisKeys } from './redis-keys.js';
import { storedCount } from './stored-json.js';

/** A module wanted to keep what no store takes; `AppError`, since it is the module's mistake. */
export class ModuleStoreError extends AppError {}

/** A newer version of the module has written the store: this one must not touch it. */
export class StoreTooNewError extends AppError {
  constructor(
    readonly found: number,
    readonly known: number,
  ) {
    super(`the store has version ${found}, and the module knows versions up to ${known}`);
  }
}

const MAX_VALUE_BYTES = 256 * 1024;
const MAX_KEY_LENGTH = 200;
const MAX_KEYS = 10_000;
/** Of all values of a module: Redis keeps everything in memory, and the voices need it too. */
const MAX_STORE_BYTES = 16 * 1024 * 1024;
/** A write that came between is rare; so many in a row are a mistake. */
const MAX_TRIES = 50;

// KEYS: the hash. ARGV: field, value, most fields, most bytes, largest value, then `any`, `absent` or `is` and what it is. 1: written; 0:
// another value stands there by now; -1: too many fields; -2: too many bytes, which are added up only where there may be so many.
const SET = `
local now = redis.call('HGET', KEYS[1], ARGV[1])
if ARGV[6] == 'absent' and now then return 0 end
if ARGV[6] == 'is' and now ~= ARGV[7] then return 0 end
local fields = redis.call('HLEN', KEYS[1])
if not now and fields >= tonumber(ARGV[3]) then return -1 end
if #ARGV[2] > #(now or '') and (fields + 1) * tonumber(ARGV[5]) > tonumber(ARGV[4]) then
  local bytes = #ARGV[2] - #(now or '')
  for _, value in ipairs(redis.call('HVALS', KEYS[1])) do bytes = bytes + #value end
  if bytes > tonumber(ARGV[4]) then return -2 end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`;

// KEYS: the hash. ARGV: field, what it is. 1: deleted; 0: another value stands there by now.
const DELETE_IF = `
local now = redis.call('HGET', KEYS[1], ARGV[1])
if now ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])`;

// KEYS: the hash, the version. ARGV: the version before, the version after, then `set` field value or `delete` field '' by turns.
const MIGRATE = `
if tonumber(redis.call('GET', KEYS[2]) or '1') ~= tonumber(ARGV[1]) then return 0 end
for i = 3, #ARGV, 3 do
  if ARGV[i] == 'set' then redis.call('HSET', KEYS[1], ARGV[i + 1], ARGV[i + 2]) else redis.call('HDEL', KEYS[1], ARGV[i + 1]) end
end
redis.call('SET', KEYS[2], ARGV[2])
return 1`;

/** What one module keeps for one account: JSON under its own keys. */
export class RedisModuleStore implements ModuleStore {
  readonly #redis: Redis;
  readonly #key: string;

  constructor(redis: Redis, account: string, module: string) {
    this.#redis = redis;
    this.#key = redisKeys.moduleStore(account, module);
  }

  async get(key: string): Promise<unknown> {
    return valueOf(await this.#redis.hget(this.#key, key));
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#write(key, jsonOf(key, value), ['any']);
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#redis.hdel(this.#key, key)) === 1;
  }

  async keys(prefix = ''): Promise<string[]> {
    return sorted(await this.#redis.hkeys(this.#key), prefix);
  }

  async update(key: string, change: (value: unknown) => unknown): Promise<unknown> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const before = await this.#redis.hget(this.#key, key);
      const value = change(valueOf(before));
      if (await this.#replace(key, before, value)) return value;
    }
    throw new ModuleStoreError('a key of the store is written without a pause');
  }

  async #replace(key: string, before: string | null, value: unknown): Promise<boolean> {
    if (value !== undefined) return this.#write(key, jsonOf(key, value), before === null ? ['absent'] : ['is', before]);
    if (before === null) return (await this.#redis.hexists(this.#key, key)) === 0;
    return (await this.#redis.eval(DELETE_IF, 1, this.#key, key, before)) === 1;
  }

  async #write(key: string, json: string, condition: string[]): Promise<boolean> {
    const written = await this.#redis.eval(SET, 1, this.#key, key, json, MAX_KEYS, MAX_STORE_BYTES, MAX_VALUE_BYTES, ...condition);
    if (written === -1) throw new ModuleStoreError(`a module keeps at most ${MAX_KEYS} keys`);
    if (written === -2) throw new ModuleStoreError(`a module keeps at most ${MAX_STORE_BYTES / 1024 ** 2} MB`);
    return written === 1;
  }
}

/**
 * The store of a module, brought to the version that the module knows: each step that is missing is done once, on a copy,
 * and counts together with all that it changed or not at all; one that fails or is cut off has changed nothing. Rejects with
 * `StoreTooNewError` where a newer version of the module was here.
 */
export async function openModuleStore(redis: Redis, account: string, { name, migrations }: Pick<Module, 'name' | 'migrations'>): Promise<ModuleStore> {
  const store = new RedisModuleStore(redis, account, name);
  const keys = [redisKeys.moduleStore(account, name), redisKeys.moduleStoreVersion(account, name)] as const;
  const known = migrations.length + 1;
  const found = storedCount(await redis.get(keys[1])) || ((await redis.exists(keys[0])) === 1 ? 1 : known);
  if (found > known) throw new StoreTooNewError(found, known);
  for (const [at, migrate] of migrations.entries()) {
    const before = at + 1;
    if (before < found) continue;
    const copy = new StoreCopy(store);
    await migrate(copy);
    const done = await redis.eval(MIGRATE, 2, ...keys, before, before + 1, ...copy.changes());
    if (done !== 1) throw new ModuleStoreError('the store was migrated by somebody else meanwhile');
  }
  await redis.set(keys[1], known);
  return store;
}

/** The store as it would be after what a migration did to it. */
class StoreCopy implements ModuleStore {
  readonly #store: ModuleStore;
  /** JSON; undefined: deleted. */
  readonly #changed = new Map<string, string | undefined>();

  constructor(store: ModuleStore) {
    this.#store = store;
  }

  get(key: string): Promise<unknown> {
    return this.#changed.has(key) ? Promise.resolve(valueOf(this.#changed.get(key))) : this.#store.get(key);
  }

  set(key: string, value: unknown): Promise<void> {
    return Promise.resolve().then(() => void this.#changed.set(key, jsonOf(key, value)));
  }

  async delete(key: string): Promise<boolean> {
    const was = (await this.get(key)) !== undefined;
    this.#changed.set(key, undefined);
    return was;
  }

  async keys(prefix = ''): Promise<string[]> {
    const keys = new Set(await this.#store.keys());
    for (const [key, json] of this.#changed) {
      if (json === undefined) keys.delete(key);
      else keys.add(key);
    }
    return sorted([...keys], prefix);
  }

  async update(key: string, change: (value: unknown) => unknown): Promise<unknown> {
    const value = change(await this.get(key));
    if (value === undefined) await this.delete(key);
    else await this.set(key, value);
    return value;
  }

  /** As the script takes them. @throws ModuleStoreError where they are too many */
  changes(): string[] {
    const bytes = [...this.#changed.values()].reduce((sum, json) => sum + (json?.length ?? 0), 0);
    if (bytes > MAX_STORE_BYTES) throw new ModuleStoreError('a migration writes more than a module keeps');
    return [...this.#changed].flatMap(([key, json]) => (json === undefined ? ['delete', key, ''] : ['set', key, json]));
  }
}

function sorted(keys: readonly string[], prefix: string): string[] {
  return keys.filter((key) => key.startsWith(prefix)).sort();
}

function valueOf(json: string | null | undefined): unknown {
  return json === null || json === undefined ? undefined : (JSON.parse(json) as unknown);
}

/** @throws ModuleStoreError where the store cannot take it. */
function jsonOf(key: string, value: unknown): string {
  if (key === '' || key.length > MAX_KEY_LENGTH) throw new ModuleStoreError(`a key has 1 to ${MAX_KEY_LENGTH} characters`);
  const json = written(value);
  if (Buffer.byteLength(json) > MAX_VALUE_BYTES) throw new ModuleStoreError(`a value has at most ${MAX_VALUE_BYTES / 1024} KB`);
  return json;
}

function written(value: unknown): string {
  try {
    // The library's type says that there is always a string, but of a function or undefined there is none.
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) return json;
  } catch (error) {
    throw new ModuleStoreError('a value that is no JSON cannot be kept', { cause: error });
  }
  throw new ModuleStoreError('a value that is no JSON cannot be kept');
}

import type { Redis } from 'ioredis';
import { z } from 'zod';
import { redisKeys } from './redis-keys.js';
import { storedCount, storedJson } from './stored-json.js';

const commonSchema = z.object({ pts: z.number(), qts: z.number(), dateSec: z.number(), seq: z.number() });
const channelSchema = z.object({ pts: z.number(), accessHash: z.string() });

/** How far the updates of one account are taken in: everything before it is a durable job or was left alone. */
export interface UpdateCursor {
  common: z.infer<typeof commonSchema>;
  /** By the channel's id. */
  channels: Map<string, z.infer<typeof channelSchema>>;
  /** By peer key: the last message of a chat from which a voice was taken. */
  lastSeen: Map<string, number>;
}

export interface LoadedCursor {
  /** Names this run of the server: another one may have lost what this one was told last. */
  serverRun: string;
  /** Undefined where nothing was ever stored. */
  cursor: UpdateCursor | undefined;
}

// Read together, so that no restart of the server can come between the two.
const LOAD = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return {run, redis.call('HGETALL', KEYS[1])}`;

// KEYS: the cursor, the token of the newest lease. ARGV: the run, the own token, then field and value by turns; an empty value
// removes the field. 1: written; 0: another run of the server, or a newer lease.
const SAVE = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if run ~= ARGV[1] or tonumber(redis.call('GET', KEYS[2]) or '0') > tonumber(ARGV[2]) then return 0 end
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
  else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return 1`;

/**
 * The update cursor in Redis. Redis writes its append-only file once a second, so after a crash of the server the last
 * jobs may be missing. A cursor that was computed while they were there must not be written to the server that lost
 * them: it is only taken by the run of the server on which it was loaded. Nor is it taken from a process that was held up
 * while another took the account over: `leaseToken` fences it.
 */
export class UpdateState {
  readonly #redis: Redis;
  readonly #keys: [cursor: string, token: string];
  readonly #leaseToken: () => number;
  #written = new Map<string, string>();

  constructor(redis: Redis, account: string, leaseToken: () => number) {
    this.#redis = redis;
    this.#keys = [redisKeys.updates(account), redisKeys.leaseToken(account)];
    this.#leaseToken = leaseToken;
  }

  async load(): Promise<LoadedCursor> {
    const [serverRun, flat] = (await this.#redis.eval(LOAD, 1, this.#keys[0])) as [string, string[]];
    const fields = new Map<string, string>();
    for (let index = 0; index < flat.length; index += 2) fields.set(flat[index] ?? '', flat[index + 1] ?? '');
    this.#written = fields;
    return { serverRun, cursor: cursorOf(fields) };
  }

  /** All or nothing; only what differs from what was written before. False where the server is another run, or the lease another's, by now. */
  async save(serverRun: string, cursor: UpdateCursor): Promise<boolean> {
    const fields = fieldsOf(cursor);
    const changed = [...fields].filter(([field, value]) => this.#written.get(field) !== value);
    const removed = [...this.#written.keys()].filter((field) => field.startsWith('channel:') && !fields.has(field));
    const args = [...changed.flat(), ...removed.flatMap((field) => [field, ''])];
    const taken = await this.#redis.eval(SAVE, 2, ...this.#keys, serverRun, this.#leaseToken(), ...args);
    if (taken !== 1) return false;
    for (const [field, value] of changed) this.#written.set(field, value);
    for (const field of removed) this.#written.delete(field);
    return true;
  }
}

function fieldsOf({ common, channels, lastSeen }: UpdateCursor): Map<string, string> {
  return new Map([
    ['common', JSON.stringify(common)],
    ...[...channels].map(([id, channel]) => [`channel:${id}`, JSON.stringify(channel)] as const),
    ...[...lastSeen].map(([chat, messageId]) => [`seen:${chat}`, String(messageId)] as const),
  ]);
}

function cursorOf(fields: ReadonlyMap<string, string>): UpdateCursor | undefined {
  const common = storedJson(commonSchema, fields.get('common'));
  if (common === undefined) return undefined;
  const cursor: UpdateCursor = { common, channels: new Map(), lastSeen: new Map() };
  for (const [field, value] of fields) {
    const [kind, id = ''] = field.split(':');
    const channel = kind === 'channel' ? storedJson(channelSchema, value) : undefined;
    if (channel !== undefined) cursor.channels.set(id, channel);
    if (kind === 'seen' && storedCount(value) > 0) cursor.lastSeen.set(id, storedCount(value));
  }
  return cursor;
}

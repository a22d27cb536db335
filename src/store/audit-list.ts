import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AuditEntry, AuditLog, AuditNote } from '../modules/access/audit-log.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

/**
 * One entry more, or the same one once more. KEYS: entries, times. ARGV: id, entry, its time, how many are kept. The oldest
 * go where they are more.
 */
const NOTE = `
local count, first = 1, tonumber(ARGV[3])
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  local before = cjson.decode(held)
  count, first = before.count + 1, before.firstMs
end
local entry = cjson.decode(ARGV[2])
entry.count, entry.firstMs, entry.lastMs = count, first, tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(entry))
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if over > 0 then
  local oldest = redis.call('ZRANGE', KEYS[2], 0, over - 1)
  redis.call('ZREM', KEYS[2], unpack(oldest))
  redis.call('HDEL', KEYS[1], unpack(oldest))
end`;

const base = { count: z.number(), firstMs: z.number(), lastMs: z.number() };
const entrySchema = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('used'), person: z.string(), chat: z.string(), command: z.string() }),
  z.object({
    ...base,
    kind: z.literal('refused'),
    person: z.string().optional(),
    chat: z.string(),
    command: z.string(),
    because: z.enum(['not-permitted', 'owner-only', 'must-be-typed', 'ignored']),
  }),
  z.object({ ...base, kind: z.enum(['granted', 'revoked']), whom: z.string(), what: z.string(), untilMs: z.number().optional() }),
  z.object({ ...base, kind: z.enum(['joined', 'left']), whom: z.string(), what: z.string() }),
  z.object({ ...base, kind: z.literal('danger'), command: z.string(), what: z.string() }),
]);

/** What pushes out what: each class has its own bound. */
const KEPT = { used: 300, refused: 200, changed: 500 };
type AuditClass = keyof typeof KEPT;

const MAX_TEXT_LENGTH = 500;
const DAY_MS = 86_400_000;

/** The audit list of one account, in Redis. */
export class AuditList implements AuditLog {
  readonly #redis: Redis;
  readonly #account: string;
  readonly #nowMs: () => number;
  #sequence = 0;

  constructor(redis: Redis, account: string, nowMs: () => number) {
    this.#redis = redis;
    this.#account = account;
    this.#nowMs = nowMs;
  }

  async note(note: AuditNote): Promise<void> {
    const nowMs = this.#nowMs();
    const kept = classOf(note);
    const entry = 'what' in note ? { ...note, what: beginning(note.what) } : note;
    await this.#redis.eval(NOTE, 2, ...this.#keys(kept), this.#idOf(note, nowMs), JSON.stringify(entry), nowMs, KEPT[kept]);
  }

  async newest(count: number): Promise<AuditEntry[]> {
    const classes = await Promise.all((Object.keys(KEPT) as AuditClass[]).map((kept) => this.#newestOf(kept, count)));
    return classes.flat().sort((one, other) => other.lastMs - one.lastMs).slice(0, count);
  }

  /** Equal for what is counted in one entry: a person's uses of a command in a day, their refusals in a day. Of one moment the later sorts after the earlier. */
  #idOf(note: AuditNote, nowMs: number): string {
    const day = Math.floor(nowMs / DAY_MS);
    if (note.kind === 'used') return `${day} ${note.person} ${note.command}`;
    if (note.kind === 'refused') return `${day} ${note.person ?? note.chat}`;
    return `${String((this.#sequence += 1)).padStart(9, '0')} ${randomUUID()}`;
  }

  async #newestOf(kept: AuditClass, count: number): Promise<AuditEntry[]> {
    const [entries, times] = this.#keys(kept);
    const ids = await this.#redis.zrevrange(times, 0, count - 1);
    if (ids.length === 0) return [];
    const stored = await this.#redis.hmget(entries, ...ids);
    return stored.flatMap((json) => (storedJson(entrySchema, json) as AuditEntry | undefined) ?? []);
  }

  #keys(kept: AuditClass): [string, string] {
    return [redisKeys.audit(this.#account, kept), redisKeys.auditTimes(this.#account, kept)];
  }
}

/** Half a character at the end, such as of an emoji, is none that Redis would take. */
function beginning(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

function classOf({ kind }: AuditNote): AuditClass {
  return kind === 'used' || kind === 'refused' ? kind : 'changed';
}

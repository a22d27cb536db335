import type { Redis } from 'ioredis';
import { z } from 'zod';
import { isInForce, ruleId, type AccessRule, type GroupMember } from '../modules/access/access-rule.js';
import type { AccessRules } from '../modules/access/access-rules.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

const ruleSchema = z.object({
  subject: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('person'), id: z.string() }),
    z.object({ kind: z.literal('group'), name: z.string() }),
    z.object({ kind: z.literal('chat'), chat: z.string() }),
  ]),
  subjectName: z.string(),
  module: z.string(),
  commands: z.array(z.string()),
  wholeModule: z.boolean(),
  onlyOwn: z.boolean(),
  sinceMs: z.number(),
  untilMs: z.number().optional(),
});

const memberSchema = z.object({ group: z.string(), id: z.string(), name: z.string(), username: z.string().optional() });

/** No rule has this id: it has no space in it. */
const SEEDED = 'seeded';

/** Rules and groups in Redis. A rule that cannot be read permits nothing. */
export class StoredAccessRules implements AccessRules {
  readonly #redis: Redis;
  readonly #rulesKey: string;
  readonly #membersKey: string;

  constructor(redis: Redis, account: string) {
    this.#redis = redis;
    this.#rulesKey = redisKeys.accessRules(account);
    this.#membersKey = redisKeys.accessMembers(account);
  }

  async rules(nowMs: number): Promise<AccessRule[]> {
    const stored = await this.#redis.hgetall(this.#rulesKey);
    const read = Object.entries(stored).flatMap(([id, json]) => {
      const rule = storedJson(ruleSchema, json) as AccessRule | undefined;
      return rule === undefined ? [] : [{ id, rule }];
    });
    const over = read.filter(({ rule }) => !isInForce(rule, nowMs));
    if (over.length > 0) await this.#redis.hdel(this.#rulesKey, ...over.map(({ id }) => id));
    return read.filter((entry) => !over.includes(entry)).map(({ rule }) => rule).sort((one, other) => one.sinceMs - other.sinceMs);
  }

  async put(rule: AccessRule): Promise<void> {
    await this.#redis.hset(this.#rulesKey, ruleId(rule), JSON.stringify(rule));
  }

  async remove(rules: Parameters<AccessRules['remove']>[0]): Promise<number> {
    return rules.length === 0 ? 0 : this.#redis.hdel(this.#rulesKey, ...rules.map(ruleId));
  }

  async members(): Promise<GroupMember[]> {
    const stored = await this.#redis.hvals(this.#membersKey);
    return stored.flatMap((json) => (storedJson(memberSchema, json) as GroupMember | undefined) ?? []);
  }

  async addMember(member: GroupMember): Promise<boolean> {
    return (await this.#redis.hset(this.#membersKey, `${member.group} ${member.id}`, JSON.stringify(member))) === 1;
  }

  async removeMember(group: string, id: string): Promise<boolean> {
    return (await this.#redis.hdel(this.#membersKey, `${group} ${id}`)) === 1;
  }

  async seed(rules: readonly AccessRule[]): Promise<void> {
    if ((await this.#redis.hexists(this.#rulesKey, SEEDED)) === 1) return;
    const fields = rules.flatMap((rule) => [ruleId(rule), JSON.stringify(rule)]);
    await this.#redis.hset(this.#rulesKey, SEEDED, 'yes', ...fields);
  }
}

import type { Redis } from 'ioredis';

/**
 * What is wrong with the role, persistence or eviction of a Redis server, in words for its owner; empty where all is well.
 * Works also where CONFIG is not allowed (managed servers): INFO tells the same.
 */
export async function checkRedis(redis: Redis): Promise<string[]> {
  const [memory, persistence, replication] = [
    await redis.info('memory'),
    await redis.info('persistence'),
    await redis.info('replication'),
  ];
  const policy = /^maxmemory_policy:(.*)$/m.exec(memory)?.[1]?.trim();
  const limit = Number(/^maxmemory:(\d+)/m.exec(memory)?.[1] ?? 0);
  const problems: string[] = [];
  if (/^role:slave/m.test(replication) && !/^slave_read_only:0/m.test(replication)) {
    problems.push('it is a read-only replica: nothing can be written, all work waits. Name its master.');
  }
  if (policy !== 'noeviction' && limit > 0) {
    problems.push(`maxmemory-policy is ${policy ?? 'unknown'}: it may throw jobs away. Set it to noeviction.`);
  }
  if (!/^aof_enabled:1/m.test(persistence)) {
    problems.push('appendonly is off: a crash loses jobs. Set appendonly to yes, appendfsync to everysec.');
  }
  if (/^aof_last_write_status:err/m.test(persistence)) {
    problems.push('the append-only file cannot be written: look at the disk of the Redis server.');
  }
  return problems;
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RetryableError } from '../../src/errors.js';
import { VOICE_QUEUE, VoiceQueue } from '../../src/queue/voice-queue.js';
import { VoiceWorker } from '../../src/queue/voice-worker.js';
import { connectRedis } from '../../src/store/connect-redis.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { RedisServer } from '../../src/store/redis-server.js';
import { voiceJobId } from '../../src/voice/voice-job.js';
import { voiceJob } from '../support/messages.js';
import { recordedLog, silentLog } from '../support/silent-log.js';

/** A disk of 4 MB, where this user may make one. */
const disk = mkdtempSync(join(tmpdir(), 'gramscribe-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0;
afterAll(async () => {
  if (mounted) spawnSync('umount', [disk]);
  await rm(disk, { recursive: true, force: true });
});

test('a disk that is full while a voice is in work loses nothing: when there is room again, the voice is', async (context) => {
  if (!mounted) context.skip('a small disk cannot be mounted here (needs root)');
  const server = new RedisServer({ dir: join(disk, 'redis'), log: silentLog() });
  await server.start(AbortSignal.timeout(30_000));
  const redis = connectRedis({ url: server.socketPath }, silentLog());
  const queue = new VoiceQueue(redis, silentLog());
  const { log, lines } = recordedLog();
  const filler = join(disk, 'filler');
  let runs = 0;
  const run = async (): Promise<void> => {
    runs += 1;
    if (runs > 1) return;
    await writeFile(filler, Buffer.alloc(8_000_000)).catch(() => undefined);
    // Redis finds out with the next thing that it writes down.
    await expect.poll(() => redis.set('x', 'x'.repeat(100_000)).then(() => 'taken', String), { timeout: 20_000 }).toContain('MISCONF');
    throw new RetryableError('the voice cannot be written to the disk');
  };
  const bury = (): Promise<void> => Promise.resolve();
  const worker = new VoiceWorker({ redis, queue, concurrency: 1, run, bury, sureSinceMs: () => 0, onIncident: () => undefined, log });
  await worker.start();
  const job = voiceJob();
  await queue.add(job);
  await expect.poll(() => lines.map(({ msg }) => msg).join('\n'), { timeout: 30_000 }).toContain('could not be written');
  await expect(queue.add(voiceJob({ messageId: 99 }))).rejects.toThrow('MISCONF');
  await rm(filler);
  await expect.poll(() => redis.set('x', '').catch(String), { timeout: 20_000 }).toBe('OK');
  // Instead of waiting for the lock to run out.
  await redis.del(`${redisKeys.queuePrefix}:${VOICE_QUEUE}:${voiceJobId(job)}:lock`);
  await expect.poll(() => queue.find(voiceJobId(job)).then((found) => found?.state), { timeout: 30_000 }).toBe('done');
  expect(runs).toBe(2);
  await worker.stop();
  await queue.close();
  redis.disconnect();
  await server.stop();
});

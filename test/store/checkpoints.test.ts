import { describe, expect, it } from 'vitest';
import type { FinishedWindow } from '../../src/speech/recognition-checkpoint.js';
import { Checkpoints } from '../../src/store/checkpoints.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

function window(text: string): FinishedWindow {
  const words = [{ text, startMs: 0, endMs: 900, probability: 0.9 }];
  const attempts = [{ audioContext: 'fit' as const, temperature: 0, score: -0.1 }];
  return { segments: [{ startMs: 0, endMs: 900, text, words }], language: 'en', engineMs: 12.5, report: { startMs: 0, endMs: 1500, attempts, kept: 0 } };
}

describe('Checkpoints', () => {
  it('gives back the windows that were written, from the first on, up to one that is missing or broken', async () => {
    const checkpoint = new Checkpoints(context.redis).of('a:b:1');
    for (const [index, text] of [[0, 'one'], [1, 'two'], [3, 'four']] as const) await checkpoint.write('f', index, window(text));
    expect(await checkpoint.read('f')).toEqual([window('one'), window('two')]);
    await context.redis.hset(redisKeys.checkpoint('a:b:1'), '1', '{"segments":');
    expect(await checkpoint.read('f')).toEqual([window('one')]);
  });

  it('forgets what was made of anything else: another model, another cut', async () => {
    const checkpoint = new Checkpoints(context.redis).of('a:b:2');
    await checkpoint.write('nano', 0, window('one'));
    expect(await checkpoint.read('base')).toEqual([]);
    expect(await checkpoint.read('nano')).toEqual([]);
  });

  it('keeps the jobs apart, for a week at most, and forgets one when it is told', async () => {
    const checkpoints = new Checkpoints(context.redis);
    for (const id of ['a:b:3', 'a:b:4']) await checkpoints.of(id).write('f', 0, window(id));
    expect(await context.redis.pttl(redisKeys.checkpoint('a:b:3'))).toBeGreaterThan(6 * 24 * 3_600_000);
    await checkpoints.forget('a:b:3');
    expect(await checkpoints.of('a:b:3').read('f')).toEqual([]);
    expect(await checkpoints.of('a:b:4').read('f')).toEqual([window('a:b:4')]);
  });
});

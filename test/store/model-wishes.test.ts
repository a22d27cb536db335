import { afterEach, expect, test, vi } from 'vitest';
import { askForModel } from '../../src/store/ask-for-model.js';
import { ModelWishes, type ModelWishesDependencies } from '../../src/store/model-wishes.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const { signal } = new AbortController();
const listening: ModelWishes[] = [];

async function daemon(given: Partial<ModelWishesDependencies>): Promise<ModelWishes> {
  const wishes = new ModelWishes({
    redis: context.redis,
    grant: (model) => Promise.resolve({ outcome: 'switched', model }),
    onListening: () => Promise.resolve(),
    log: silentLog(),
    ...given,
  });
  listening.push(wishes);
  await wishes.start();
  return wishes;
}

afterEach(async () => {
  for (const wishes of listening.splice(0)) await wishes.stop();
});

/** As the shell asks: over a connection of its own. */
async function ask(model: string, stop: AbortSignal = signal): Promise<{ answer: unknown; heard: boolean }> {
  const redis = context.redis.duplicate();
  let heard = false;
  try {
    return { answer: await askForModel(model, redis, () => (heard = true), stop), heard };
  } finally {
    redis.disconnect();
  }
}

test('a wish reaches the daemon, and its answer the shell', async () => {
  await daemon({});
  expect(await ask('small')).toEqual({ answer: { outcome: 'switched', model: 'small' }, heard: true });
  expect(await context.redis.keys('*model-answer*')).toEqual([]);
});

test('where no daemon listens the shell knows at once, also after one has stopped', async () => {
  expect(await ask('small')).toEqual({ answer: undefined, heard: false });
  await (await daemon({})).stop();
  expect(await ask('small')).toEqual({ answer: undefined, heard: false });
});

test('a daemon that ends before it answers leaves the shell without an answer, not waiting', async () => {
  const wishes = await daemon({ grant: (_model, stop) => new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason as Error))) });
  const asked = ask('small');
  await vi.waitFor(async () => expect(await context.redis.info('clients')).toMatch(/blocked_clients:1/));
  await wishes.stop();
  expect(await asked).toEqual({ answer: undefined, heard: true });
});

test('an answer that takes longer than a look is waited for, and Ctrl-C ends the wait', async () => {
  const grants = new Map<string, (value: unknown) => void>();
  await daemon({ grant: (model) => new Promise((resolve) => grants.set(model, resolve)) });
  const stop = new AbortController();
  const asked = ask('small');
  const given = ask('medium', stop.signal);
  await vi.waitFor(() => expect(grants.size).toBe(2));
  stop.abort(new Error('Ctrl-C'));
  await expect(given).rejects.toThrow('Ctrl-C');
  grants.get('small')?.('late');
  expect((await asked).answer).toBe('late');
  grants.get('medium')?.('to nobody');
});

test('what is no wish is left alone', async () => {
  const granted: string[] = [];
  await daemon({ grant: (model) => Promise.resolve(granted.push(model)) });
  for (const text of ['', '{', '{"id":"1","model":"x"}', '[]', JSON.stringify({ id: crypto.randomUUID(), model: 'x'.repeat(65) })]) {
    await context.redis.publish(redisKeys.modelWishes(0), text);
  }
  expect((await ask('small')).answer).toBe(1);
  expect(granted).toEqual(['small']);
});

test('another database of the same server is another daemon', async () => {
  await daemon({});
  const other = context.redis.duplicate({ db: 3 });
  try {
    expect(await askForModel('small', other, () => undefined, signal)).toBeUndefined();
  } finally {
    other.disconnect();
  }
});

test('whenever the line stands anew, the daemon looks what was chosen meanwhile', async () => {
  let looked = 0;
  await daemon({ onListening: () => Promise.resolve(void (looked += 1)) });
  await vi.waitFor(() => expect(looked).toBe(1));
  await context.redis.client('KILL', 'TYPE', 'pubsub');
  await vi.waitFor(() => expect(looked).toBe(2));
  expect((await ask('small')).heard).toBe(true);
});

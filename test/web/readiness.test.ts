import { expect, test } from 'vitest';
import { examine, type VitalSigns } from '../../src/web/readiness.js';

const healthy: VitalSigns = {
  connected: () => true,
  silentForMs: () => 12_000,
  redisAnswers: () => Promise.resolve(true),
  engineTrouble: () => Promise.resolve(undefined),
};

test('a daemon that could answer a voice now is ready', async () => {
  expect(await examine(healthy)).toEqual({
    ready: true,
    checks: {
      telegram: { ok: true, detail: 'connected' },
      probe: { ok: true, detail: 'last answer 12 s ago' },
      redis: { ok: true, detail: 'answers' },
      engine: { ok: true, detail: 'able' },
    },
  });
});

test.each<[string, Partial<VitalSigns>, 'telegram' | 'probe' | 'redis' | 'engine', string]>([
  ['there is no connection', { connected: () => false }, 'telegram', 'not connected'],
  ['Telegram has never answered', { silentForMs: () => undefined }, 'probe', 'no answer yet'],
  ['Telegram has been silent for long', { silentForMs: () => 200_000 }, 'probe', 'last answer 200 s ago'],
  ['Redis is away', { redisAnswers: () => Promise.resolve(false) }, 'redis', 'does not answer'],
  ['the engine fails', { engineTrouble: () => Promise.resolve('the model is not there') }, 'engine', 'the model is not there'],
])('where %s, only that check fails, and it is not ready', async (_, sign, name, detail) => {
  const { ready, checks } = await examine({ ...healthy, ...sign });
  expect(ready).toBe(false);
  expect(checks[name]).toEqual({ ok: false, detail });
  expect(Object.values(checks).filter(({ ok }) => !ok)).toHaveLength(1);
});

test('a check that never ends is a failed one after its deadline', async () => {
  const { checks } = await examine({ ...healthy, redisAnswers: () => new Promise(() => undefined) }, 20);
  expect(checks.redis).toEqual({ ok: false, detail: 'no answer within 0.02 s' });
});

test('a check that breaks is told by the kind of its error, without the text, which may hold an address or a password', async () => {
  const broken = new TypeError('redis://user:hunter2@host');
  const { checks } = await examine({ ...healthy, redisAnswers: () => Promise.reject(broken) });
  expect(checks.redis).toEqual({ ok: false, detail: 'could not be checked (TypeError)' });
});

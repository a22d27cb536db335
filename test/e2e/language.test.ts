import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { clip, words } from '../support/clips.js';
import { annaSays, command, ground, onlyAnswerTo } from './ground.js';

const context = ground();

/** What the daemon keeps of the voice that was written down last. */
async function lastTranscript(): Promise<{ recognition: { language: string; languageSureMs?: number } }> {
  const redis = new Redis(join(context.daemon.dataDir, 'redis', 'redis.sock'));
  try {
    const keys = await redis.keys('gramscribe:transcript:*');
    const [last] = keys.sort((one, other) => Number(other.split(':').at(-1)) - Number(one.split(':').at(-1)));
    return JSON.parse((await redis.get(last!))!) as { recognition: { language: string } };
  } finally {
    redis.disconnect();
  }
}

test('.lang and .vocab say in a chat what its voices are heard with, and are remembered over a restart', async () => {
  const { daemon } = context;
  expect(await command(context, '.lang')).toContain('any language');
  expect(await command(context, '.vocab + kubectl, Гамаюн')).toBe('📖 In this chat: kubectl, Гамаюн');
  expect(await command(context, '.lang tlh')).toContain('I do not know the language “tlh”');
  expect(await command(context, '.lang ru,en')).toContain('Russian (ru) or English (en)');
  await daemon.end('SIGTERM');
  await daemon.start();
  // The small model was never taught what a prompt is, and hears worse with one.
  expect(await command(context, '.vocab - kubectl')).toBe('📖 In this chat: Гамаюн');
  expect(await command(context, '.vocab clear')).toContain('No names or jargon are left here');

  const found = await onlyAnswerTo(context, annaSays(context, '04-en.ogg'));
  expect(words(found.text)).toBe(clip('04-en.ogg').text);
  expect((await lastTranscript()).recognition).toMatchObject({ language: 'en', languageSureMs: expect.any(Number) as number });

  expect(await command(context, '.lang ru')).toContain('Russian (ru) (chosen for this chat)');
  const fixed = await onlyAnswerTo(context, annaSays(context, '01-ru.ogg'));
  expect(words(fixed.text)).toBe(clip('01-ru.ogg').text);
  expect((await lastTranscript()).recognition).not.toHaveProperty('languageSureMs');
  expect((await lastTranscript()).recognition.language).toBe('ru');
});

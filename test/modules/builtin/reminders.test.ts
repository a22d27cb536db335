import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatRefusedError, OfflineError, PermanentError } from '../../../src/errors.js';
import { type Reminder, reminderShape } from '../../../src/modules/builtin/reminders/reminder.js';
import { remindersModule } from '../../../src/modules/builtin/reminders/reminders-module.js';
import { ReminderQueue } from '../../../src/queue/reminder-queue.js';
import { redisKeys } from '../../../src/store/redis-keys.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { silentLog } from '../../support/silent-log.js';
import { testRedis } from '../../support/test-redis.js';

const real = testRedis();
let ground: ModuleGround;
let queue: ReminderQueue<Reminder>;

async function begin(options: { language?: 'en' | 'ru'; accountId?: string } = {}): Promise<void> {
  const accountId = options.accountId ?? `t${Math.random().toString(36).slice(2)}`;
  queue = new ReminderQueue({ redis: real.redis, accountId, shape: reminderShape, log: silentLog() });
  ground = await moduleGround(remindersModule({ book: queue, zone: 'UTC' }), { redis: real.redis, settings: { zone: 'UTC' }, ...options, accountId });
  // What falls due does so by the clock of Redis' users.
  await ground.clock.advance(Date.now() - ground.clock.nowMs());
}

async function end(): Promise<void> {
  await ground.host.stop();
  await queue.close();
}

/** What was sent, not what was typed. */
const sent = () => [...ground.gateway.messages].filter(([id]) => ground.gateway.places.has(id)).map(([id, message]) => ({ ...message, place: ground.gateway.places.get(id) }));
const texts = (): string[] => sent().map(({ text }) => text);

beforeEach(() => begin());
afterEach(end);

describe('.remind', () => {
  it('says what was understood, delivers it in reply to the command, once, and forgets it', async () => {
    expect(await ground.type('.remind 1s take the bread out', { messageId: 41 })).toMatch(/^⏰ .+ · no\. 1\ntake the bread out$/);
    await expect.poll(texts).toEqual(['⏰ take the bread out']);
    expect(sent()[0]?.replyTo).toBe(41);
    await expect.poll(() => ground.type('.reminders')).toBe('⏰ No reminders.');
  });

  it('answers the message that was meant, and needs no words of its own then', async () => {
    await ground.type('.remind 1s', { messageId: 42, replyToMessageId: 7 });
    await expect.poll(texts).toEqual(['⏰ You asked to be reminded']);
    expect(sent()[0]?.replyTo).toBe(7);
    expect(await ground.type('.remind 1s')).toMatch(/^⚠️ Of what\?/);
  });

  it('lists by time, keeps numbers, forgets by number; the same command edited is the same reminder', async () => {
    await ground.type('.remind 3 days later', { messageId: 1 });
    await ground.type('.remind 2 days sooner', { messageId: 2 });
    expect(await ground.type('.reminders')).toMatch(/^⏰ Reminders\n2\. .+ · sooner\n1\. .+ · later$/);
    expect(await ground.type('.forget 1')).toBe('✅ Forgotten.');
    expect(await ground.type('.forget 1')).toBe('⚠️ There is no reminder 1.');
    await ground.type('.remind 4 days changed', { messageId: 2, edited: true });
    expect(await ground.type('.reminders')).toMatch(/^⏰ Reminders\n2\. .+ · changed$/);
    expect(await ground.type('.remind every monday 9:00 report')).toContain('every week · no. 1');
    expect(await ground.type('.forget all')).toBe('✅ Forgotten: 2');
  });

  it('gives two that are typed at once two numbers', async () => {
    await Promise.all([1, 2, 3].map((messageId) => ground.type(`.remind ${messageId}d tea`, { messageId })));
    expect((await queue.list()).map(({ number }) => number).sort()).toEqual([1, 2, 3]);
  });

  it('refuses what lies further ahead than anybody means', async () => {
    for (const typed of ['31.12.9999 23:59', 'in 9999 years', '100000000d']) expect(await ground.type(`.remind ${typed} tea`)).toBe('⚠️ That is too far ahead: 20 years at most.');
    expect(await queue.list()).toEqual([]);
  });

  it('refuses what is over and what it does not understand, and says what it understood', async () => {
    expect(await ground.type('.remind yesterday 9:00 x')).toMatch(/^⚠️ That time is past: .+ 09:00\.$/);
    expect(await ground.type('.remind buy milk')).toMatch(/^⚠️ I do not understand when\./);
    expect(await ground.type('.remind every blue moon dance')).toMatch(/^⚠️ It can come every day or once a week/);
  });

  it('survives a restart, comes late where it was missed, and says so', async () => {
    const { accountId } = ground;
    await ground.type('.напомни 1s чай');
    const [kept] = await queue.list();
    await ground.host.stop();
    await queue.add(() => ({ ...kept!, atMs: Date.now() - 3_600_000, language: 'ru' }));
    expect(texts()).toEqual([]);
    await queue.close();
    await begin({ accountId, language: 'ru' });
    await expect.poll(texts).toHaveLength(1);
    expect(texts()[0]).toMatch(/^⏰ чай\nДолжно было прийти .+, но я не работал\.$/);
  });

  it('waits while there is no connection, and is sent once however often it is tried', async () => {
    const offline = () => Object.assign(new OfflineError('no connection'), { retryAfterMs: 1 });
    ground.gateway.failures.push({ method: 'send', error: offline() }, { method: 'send', error: offline(), after: true });
    await ground.type('.remind 1s tea');
    await expect.poll(() => queue.list()).toEqual([]);
    expect(texts()).toEqual(['⏰ tea']);
    expect(ground.gateway.calls.filter((call) => call.includes('⏰ tea'))).toHaveLength(3);
  });

  it('goes to Saved Messages where its chat takes nothing any more, or where that was wished', async () => {
    ground.gateway.failures.push({ method: 'send', error: new ChatRefusedError('CHAT_WRITE_FORBIDDEN', 'closed') });
    await ground.type('.remind 1s tea');
    await expect.poll(texts).toEqual(['⏰ tea']);
    await ground.type('.remind --saved 1s cake');
    await expect.poll(texts).toEqual(['⏰ tea', '⏰ cake']);
    expect(sent().map(({ place, replyTo }) => [place, replyTo])).toEqual([['u1', undefined], ['u1', undefined]]);
  });

  it('comes without an answer where the message is deleted that it was to answer', async () => {
    ground.gateway.failures.push({ method: 'send', error: new PermanentError('deleted', 'REPLY_MESSAGE_ID_INVALID') });
    await ground.type('.remind 1s tea', { messageId: 43, replyToMessageId: 7 });
    await expect.poll(texts).toEqual(['⏰ tea']);
    expect(sent()[0]).toMatchObject({ replyTo: undefined, place: 'u5' });
  });

  it('comes again at the same time of the day', async () => {
    await ground.type('.remind every day 9:00 pills');
    const [daily] = await queue.list();
    await queue.add(() => ({ ...daily!, atMs: daily!.atMs - 2 * 86_400_000 }));
    await expect.poll(texts).toHaveLength(1);
    await expect.poll(() => queue.list()).toEqual([daily]);
  });
});

describe('what is kept', () => {
  it.each<['forgotten' | 'changed', unknown[]]>([['forgotten', []], ['changed', ['cake']]])('is not put back as it was where it was %s while it was being sent', async (what, left) => {
    await ground.type('.remind every day 9:00 pills', { messageId: 44 });
    const [daily] = await queue.list();
    let sent: (() => void) | undefined;
    await ground.host.stop();
    const stop = queue.deliver((due) => new Promise((resolve) => (sent = () => resolve({ ...due, atMs: due.atMs + 86_400_000 }))));
    await queue.add(() => ({ ...daily!, atMs: Date.now() - 1000 }));
    await expect.poll(() => sent).toBeDefined();
    if (what === 'forgotten') expect([await queue.remove(daily!.id), await queue.remove(daily!.id)]).toEqual([true, false]);
    else await queue.add(() => ({ ...daily!, text: 'cake' }));
    expect((await queue.list()).map(({ text }) => text)).toEqual(left);
    sent!();
    await stop();
    expect((await queue.list()).map(({ text }) => text)).toEqual(left);
  });

  it('does not come early where the program was killed before it was put back to wait', async () => {
    await ground.type('.remind every day 9:00 pills');
    const [daily] = await queue.list();
    await queue.remove(daily!.id);
    const kept = new Queue(`reminders-${ground.accountId}`, { connection: real.redis, prefix: redisKeys.queuePrefix });
    await kept.add('reminder', { due: daily, failures: 0 }, { jobId: daily!.id });
    await expect.poll(() => kept.getDelayedCount()).toBe(1);
    expect(texts()).toEqual([]);
    await kept.close();
  });

  it('comes at its own time again after a day on which the clocks left that out', async () => {
    await ground.type('.remind every day 2:30 pills');
    const [daily] = await queue.list();
    expect(daily!.timeOfDay).toEqual({ hour: 2, minute: 30 });
    await queue.add(() => ({ ...daily!, zone: 'Europe/Berlin', atMs: Date.parse('2026-03-29T03:30:00+02:00') }));
    await expect.poll(texts).toHaveLength(1);
    await expect.poll(async () => (await queue.list())[0]?.atMs).toBeGreaterThan(Date.now());
    const [next] = await queue.list();
    expect(new Date(next!.atMs).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' })).toBe('02:30');
  });

  it('comes at a pace that no module is switched off for, however much has piled up', async () => {
    const { accountId } = ground;
    await ground.type('.remind 1d tea');
    const [one] = await queue.list();
    await ground.host.stop();
    for (let number = 2; number <= 46; number += 1) await queue.add(() => ({ ...one!, id: `${one!.id}-${number}`, number, atMs: Date.now() - 1000 }));
    await queue.close();
    await begin({ accountId });
    await expect.poll(texts).toHaveLength(20);
    expect(await queue.list()).toHaveLength(26);
    expect(ground.host.find('reminders')).toMatchObject({ state: 'on', errors: 0 });
  });
});

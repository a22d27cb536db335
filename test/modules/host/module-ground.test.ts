import { expect, test } from 'vitest';
import { defineModule } from '../../../src/modules/contract/index.js';
import { message } from '../../support/messages.js';
import { moduleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const redis = testRedis();

const about = { summary: 'x', examples: [{ type: 'keep a', does: 'y' }] };
const keeper = () =>
  defineModule({
    name: 'keeper',
    version: '1.0.0',
    about: { en: { title: 'Keeper', summary: 'keeps' }, ru: { title: 'Хранитель', summary: 'хранит' } },
    uses: ['store', 'send'],
    settings: { greeting: { kind: 'string', default: 'hello', about: { en: 'a', ru: 'а' } } },
    commands: (command) => [
      command({
        name: 'keep',
        about: { en: about, ru: about },
        args: { word: { kind: 'word', label: { en: 'word', ru: 'слово' } } },
        run: async ({ args, confirm }, ctx, signal) => {
          if (!(await confirm('sure?', signal))) return 'no';
          await ctx.store.set('word', args.word);
          return `${ctx.settings.greeting} ${String(await ctx.store.get('word'))}`;
        },
      }),
    ],
    watchers: (watcher) => [
      watcher({
        name: 'echo',
        filter: { direction: 'incoming', text: { startsWith: 'echo' } },
        run: async (message, ctx, signal) => {
          await ctx.send.send('saved', message.text, undefined, signal);
        },
      }),
    ],
  });

test('a module of the ground answers what is typed, keeps what it stores over a restart and sees messages', async () => {
  const first = await moduleGround(keeper(), { redis: redis.redis });
  expect(await first.type('.keep tea', { confirm: true })).toBe('hello tea');
  expect(await first.type('.keep milk', { confirm: false })).toBe('no');
  expect(await first.call('keep', { word: 'salt' })).toBe('hello salt');
  await first.host.stop();
  const second = await moduleGround(keeper(), { redis: redis.redis, accountId: first.accountId, settings: { greeting: 'hi' } });
  expect(await second.type('.keep', { confirm: true })).toContain('.keep');
  expect(await second.call('keep', { word: 'salt' })).toBe('hi salt');
  await second.offer(message({ messageId: 5, text: 'Echo of it' }));
  await second.offer(message({ messageId: 6, text: 'no echo' }));
  expect(second.gateway.texts()).toContain('Echo of it');
  expect(second.gateway.texts()).not.toContain('no echo');
});

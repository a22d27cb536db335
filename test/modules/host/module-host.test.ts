import { expect, onTestFinished, test, vi } from 'vitest';
import { ModuleStoppedError, RetryableError } from '../../../src/errors.js';
import { CommandRefusal, defineModule, type Module, type ModuleContext } from '../../../src/modules/contract/index.js';
import { BLOCKED_MS, FAULT_LIMITS, SEND_BUDGET } from '../../../src/modules/host/module-faults.js';
import { openModuleStore } from '../../../src/store/module-store.js';
import { settle } from '../../support/fake-clock.js';
import { message } from '../../support/messages.js';
import { ModuleGround, moduleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const { redis } = testRedisContext();

function testRedisContext(): { redis: () => ReturnType<typeof testRedis>['redis'] } {
  const context = testRedis();
  return { redis: () => context.redis };
}

const never = new AbortController().signal;
const about = { en: { title: 'Tea', summary: 'makes tea' }, ru: { title: 'Чай', summary: 'заваривает чай' } };
const said = { summary: 'does it', examples: [{ type: 'do it', does: 'it' }] };

type Context = ModuleContext<Readonly<Record<string, never>>, 'send' | 'store'>;

interface Parts {
  start?: (ctx: Context, signal: AbortSignal) => Promise<void>;
  stop?: () => Promise<void>;
}

/** A module of one command, one watcher and one task, each of which does what it is told. */
function module(name: string, work: (ctx: Context, signal: AbortSignal) => Promise<unknown>, parts: Parts = {}): Module {
  const run = async (_given: unknown, ctx: Context, signal: AbortSignal): Promise<undefined> => {
    await work(ctx, signal);
  };
  return defineModule({
    name,
    version: '1.0.0',
    about,
    uses: ['send', 'store'],
    commands: (command) => [command({ name: `do-${name}`, about: { en: said, ru: said }, run })],
    watchers: (watcher) => [watcher({ name: 'all', filter: {}, run })],
    tasks: (task) => [task({ name: 'often', everyMs: 60_000, run: (ctx, signal) => run(undefined, ctx, signal) })],
    ...parts,
  });
}

test('what a module declared is in its context, and nothing else', async () => {
  const bare = defineModule({ name: 'bare', version: '1.0.0', about });
  const ground = await moduleGround([module('tea', () => Promise.resolve()), bare], { redis: redis() });
  expect(Object.keys(ground.host.contextOf('bare') as object).sort()).toEqual(['accountId', 'language', 'log', 'nowMs', 'prefix', 'self', 'settings', 'sleep']);
  expect(Object.keys(ground.host.contextOf('tea') as object)).toEqual(expect.arrayContaining(['send', 'store']));
  expect(ground.host.contextOf('tea')).not.toHaveProperty('network');
  expect(() => Object.assign(ground.host.contextOf('tea') as object, { network: 1 })).toThrow(TypeError);
});

test('what is on and off is kept over a restart, and a module that does not start keeps no other from starting', async () => {
  let broken = true;
  const modules = (): Module[] => [
    module('first', () => Promise.resolve(), { start: () => (broken ? Promise.reject(new RangeError('secret words')) : Promise.resolve()) }),
    module('second', () => Promise.resolve()),
    module('third', () => Promise.resolve()),
  ];
  const one = await moduleGround(modules(), { redis: redis() });
  expect(one.host.list().map(({ module: { name }, state }) => [name, state])).toEqual([['first', 'failed'], ['second', 'on'], ['third', 'on']]);
  // The words of an error that is not ours may be somebody's.
  expect(one.host.find('first')?.why).toBe('it did not start (RangeError)');
  await expect(one.host.enable('first', never)).rejects.toThrow(CommandRefusal);
  await one.host.disable('third');
  expect(one.host.findCommand('do-third')).toBeUndefined();
  await one.host.stop();
  broken = false;
  const two = await moduleGround(modules(), { redis: redis(), accountId: one.accountId });
  expect(two.host.list().map(({ state }) => state)).toEqual(['on', 'on', 'off']);
  expect([two.host.isSwitchedOff('third'), two.host.isSwitchedOff('first')]).toEqual([true, false]);
  await two.host.enable('third', never);
  expect(two.host.findCommand('do-third')?.module.name).toBe('third');
});

test('a module that met a Redis that was away starts by itself once it is back; one that says why it cannot is left to its owner', async () => {
  let isAway = true;
  const away = (): Promise<void> => (isAway ? Promise.reject(new Error('no Redis')) : Promise.resolve());
  const ground = await moduleGround(
    [
      { module: module('needed', () => Promise.resolve(), { start: away }), needed: true },
      module('other', () => Promise.resolve(), { start: away }),
      module('unwanted', () => Promise.resolve(), { start: away }),
      module('refusing', () => Promise.resolve(), { start: () => Promise.reject(new CommandRefusal('set a key first')) }),
    ],
    { redis: redis() },
  );
  const states = () => ground.host.list().map(({ state }) => state);
  expect(states()).toEqual(['failed', 'failed', 'failed', 'failed']);
  await ground.clock.pass(120_000);
  expect(states()).toEqual(['failed', 'failed', 'failed', 'failed']);
  await ground.host.disable('unwanted');
  isAway = false;
  await ground.clock.pass(60_000);
  await expect.poll(states).toEqual(['on', 'on', 'off', 'failed']);
  expect(ground.host.findCommand('do-needed')?.module.name).toBe('needed');
  await ground.host.stop();
  await ground.clock.pass(120_000);
  expect(states()).toEqual(['off', 'off', 'off', 'off']);
});

test('however many modules wait to be tried again, Node.js takes none of them for a leak', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const waiting = Array.from({ length: 12 }, (_, at) => module(`m${at}`, () => Promise.resolve(), { start: () => Promise.reject(new Error('no Redis')) }));
  const ground = await moduleGround(waiting, { redis: redis() });
  await settle();
  expect(ground.host.list().every(({ state }) => state === 'failed')).toBe(true);
  expect(warnings).toEqual([]);
  await ground.host.stop();
});

test('one that is needed is not switched off, one that is off at first waits for its owner', async () => {
  const ground = await moduleGround(
    [{ module: module('needed', () => Promise.reject(new Error('broken'))), needed: true }, { module: module('later', () => Promise.resolve()), offAtFirst: true }],
    { redis: redis() },
  );
  await expect(ground.host.disable('needed')).rejects.toThrow(CommandRefusal);
  await expect(ground.host.disable('nobody')).rejects.toThrow(CommandRefusal);
  expect(ground.host.find('later')?.state).toBe('off');
  for (let at = 0; at < FAULT_LIMITS.error + 5; at += 1) await ground.call('do-needed').catch(() => undefined);
  expect(ground.host.find('needed')).toMatchObject({ state: 'on', errors: FAULT_LIMITS.error + 5 });
});

test('a watcher whose own condition throws sees nothing, is counted, and leaves the others alone', async () => {
  const heard: string[] = [];
  const listens = (name: string, wants: (message: { text: string }) => boolean) =>
    defineModule({
      name,
      version: '1.0.0',
      about,
      watchers: (watcher) => [watcher({ name: 'all', filter: {}, wants, run: ({ text }) => Promise.resolve(void heard.push(`${name}: ${text}`)) })],
    });
  const broken = listens('broken', () => {
    throw new Error('broken');
  });
  const ground = await moduleGround([broken, listens('picky', ({ text }) => text === 'tea')], { redis: redis() });
  await ground.offer(message({ text: 'coffee' }));
  await ground.offer(message({ messageId: 2, text: 'tea' }));
  expect(heard).toEqual(['picky: tea']);
  expect(ground.host.find('broken')?.errors).toBe(2);
});

test('after its stop nothing of a module runs: what it waits for rejects, its signals are aborted, its watcher and task are gone', async () => {
  const ends: string[] = [];
  let startSignal: AbortSignal | undefined;
  let kept: Context | undefined;
  let runs = 0;
  const tea = module(
    'tea',
    async (ctx, signal) => {
      runs += 1;
      kept = ctx;
      await ctx.sleep(3_600_000, new AbortController().signal).catch((error: unknown) => ends.push(`sleep: ${error instanceof ModuleStoppedError}, ${signal.aborted}`));
    },
    { start: (_ctx, signal) => Promise.resolve(void (startSignal = signal)) },
  );
  const ground = await moduleGround(tea, { redis: redis() });
  const called = ground.call('do-tea').catch((error: unknown) => error);
  await ground.offer(message({ text: 'hello' }));
  await ground.clock.advance(60_000);
  expect(runs).toBe(3);
  await ground.host.disable('tea');
  expect(await called).toBeInstanceOf(ModuleStoppedError);
  expect(ends).toEqual(Array.from({ length: 3 }, () => 'sleep: true, true'));
  expect(startSignal?.aborted).toBe(true);
  await expect(kept?.store.set('a', 1)).rejects.toBeInstanceOf(ModuleStoppedError);
  await expect(kept?.send.send('saved', 'still here', undefined, never)).rejects.toBeInstanceOf(ModuleStoppedError);
  await ground.offer(message({ text: 'hello' }));
  await ground.clock.pass(600_000, 60_000);
  expect(runs).toBe(3);
  expect(ground.gateway.calls).toEqual([]);
});

test('a module that neither starts nor stops in time keeps nobody waiting', async () => {
  const hang = (): Promise<void> => new Promise(() => undefined);
  const ground = await moduleGround(
    [module('slow', hang, { start: hang }), module('stuck', hang, { stop: hang }), module('fine', () => Promise.resolve())],
    { redis: redis(), deadlinesMs: { start: 30, stop: 30 } },
  );
  expect(ground.host.list().map(({ state, why }) => [state, why])).toEqual([['failed', 'it did not start within 1 s'], ['on', undefined], ['on', undefined]]);
  const called = ground.call('do-stuck').catch((error: unknown) => error);
  await ground.host.stop();
  expect(await called).toBeInstanceOf(ModuleStoppedError);
});

test('a module that fails too often is switched off with a note to its owner; refusals and Telegram’s waits are not its fault', async () => {
  let error: Error = new CommandRefusal('not so');
  const ground = await moduleGround([module('tea', () => Promise.reject(error)), module('other', () => Promise.resolve())], { redis: redis(), language: 'ru' });
  for (error of [new CommandRefusal('not so'), new RetryableError('offline')]) {
    for (let at = 0; at < FAULT_LIMITS.error; at += 1) await ground.call('do-tea').catch(() => undefined);
  }
  expect(ground.host.find('tea')).toMatchObject({ state: 'on', errors: 0 });
  error = new Error('broken');
  for (let at = 0; at < FAULT_LIMITS.error - 1; at += 1) await ground.offer(message({ messageId: at }));
  await ground.clock.advance(600_000);
  await ground.offer(message());
  expect(ground.host.find('tea')?.state).toBe('on');
  for (let at = 0; at < FAULT_LIMITS.error; at += 1) await ground.offer(message({ messageId: at }));
  await settle();
  expect(ground.host.find('tea')).toMatchObject({ state: 'stopped', why: 'слишком много ошибок' });
  expect(ground.told).toEqual(['⚠️ Модуль «Чай» выключен: слишком много ошибок. Включить снова: .enable tea']);
  expect(ground.host.isSwitchedOff('tea')).toBe(false);
  expect(ground.host.find('other')?.state).toBe('on');
  await ground.host.enable('tea', never);
  expect(ground.host.find('tea')).toMatchObject({ state: 'on', errors: 0 });
});

test('a module that holds the thread up, or floods, is switched off; what it sends over its budget is not sent', async () => {
  const ground = await moduleGround(
    [
      module('blocks', () => Promise.resolve(void ground.clock.advance(BLOCKED_MS + 1))),
      module('floods', async ({ send }, signal) => {
        for (let at = 0; at < SEND_BUDGET.burst + 1; at += 1) await send.send('saved', `${at}`, undefined, signal);
      }),
    ],
    { redis: redis() },
  );
  for (let at = 0; at < FAULT_LIMITS.block; at += 1) await ground.call('do-blocks').catch(() => undefined);
  expect(ground.host.find('blocks')).toMatchObject({ state: 'stopped', why: 'it held everything up several times' });
  expect(ground.told).toEqual([expect.stringMatching(/held everything up several times\. \.enable blocks starts it again\.$/)]);
  await expect(ground.call('do-floods')).rejects.toThrow('sends too much');
  expect(ground.gateway.texts()).toHaveLength(SEND_BUDGET.burst);
  for (let at = 1; at < FAULT_LIMITS.flood; at += 1) await ground.call('do-floods').catch(() => undefined);
  expect(ground.host.find('floods')?.state).toBe('stopped');
  expect(ground.told).toEqual([expect.anything(), expect.stringMatching(/\.enable floods starts it again\.$/)]);
  expect(ground.gateway.texts()).toHaveLength(SEND_BUDGET.burst);
});

test('a task is never run twice at once, and its next run begins when its time has come since the last one began', async () => {
  const begun: number[] = [];
  const ground = await moduleGround(
    module('tea', (ctx) => {
      begun.push(ctx.nowMs());
      return ctx.sleep(begun.length === 1 ? 90_000 : 10_000, never);
    }),
    { redis: redis() },
  );
  const fromMs = ground.clock.nowMs();
  await ground.clock.pass(300_000);
  expect(begun.map((atMs) => atMs - fromMs)).toEqual([60_000, 150_000, 210_000, 270_000]);
});

test('a text under a name is posted once, also by the program after a restart', async () => {
  const tea = (): Module => module('tea', ({ send }, signal) => send.send('saved', 'tea is ready', { once: 'cup 1' }, signal));
  const one = await moduleGround(tea(), { redis: redis() });
  const two = await moduleGround(tea(), { redis: redis(), accountId: one.accountId });
  const ids: string[] = [];
  for (const ground of [one, one, two]) {
    const sent = vi.spyOn(ground.gateway, 'sendText');
    await ground.call('do-tea');
    ids.push(...sent.mock.calls.map(([{ randomId }]) => randomId));
    sent.mockRestore();
  }
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  expect(one.gateway.texts()).toEqual(['tea is ready']);
});

test('a module of somebody else is added, replaced and removed, and takes no name of the program’s', async () => {
  const ground = await moduleGround(module('tea', () => Promise.resolve()), { redis: redis() });
  const { host } = ground;
  await expect(host.add(module('tea', () => Promise.resolve()), never)).rejects.toThrow(CommandRefusal);
  const shadow = defineModule({ name: 'shadow', version: '1.0.0', about, commands: (command) => [command({ name: 'x', aliases: ['do-tea'], about: { en: said, ru: said }, run: () => Promise.resolve('') })] });
  await expect(host.add(shadow, never)).rejects.toThrow(CommandRefusal);
  expect(host.find('shadow')).toBeUndefined();
  await host.add(module('guest', () => Promise.resolve()), never);
  await host.add(module('guest', () => Promise.reject(new Error('second'))), never);
  expect(host.find('guest')).toMatchObject({ origin: 'foreign', state: 'on' });
  await expect(ground.call('do-guest')).rejects.toThrow('second');
  host.halt('guest', 'its files were changed');
  await settle();
  expect(host.find('guest')).toMatchObject({ state: 'stopped', why: 'its files were changed' });
  await expect(host.add(module('guest', () => Promise.resolve(), { start: () => Promise.reject(new CommandRefusal('not today')) }), never)).rejects.toThrow(CommandRefusal);
  expect(host.find('guest')).toMatchObject({ state: 'failed', why: 'not today' });
  await host.remove('guest');
  expect(host.find('guest')).toBeUndefined();
  await expect(host.remove('tea')).rejects.toThrow(CommandRefusal);
});

test('a module whose data a newer version has written does not touch it', async () => {
  const one = await moduleGround(defineModule({ name: 'tea', version: '2.0.0', about, uses: ['store'], migrations: [() => Promise.resolve()] }), { redis: redis() });
  await (await openModuleStore(redis(), one.accountId, { name: 'tea', migrations: [() => Promise.resolve()] })).set('a', 1);
  const two = await moduleGround(defineModule({ name: 'tea', version: '1.0.0', about, uses: ['store'] }), { redis: redis(), accountId: one.accountId });
  expect(two.host.find('tea')).toMatchObject({ state: 'failed', why: expect.stringContaining('newer version') as string });
});

test('a module whose store cannot be brought to its version stays off, its data as they were, and the others start', async () => {
  const tea = (migrations: Module['migrations']): Module => defineModule({ name: 'tea', version: '1.0.0', about, uses: ['store'], migrations });
  const one = await moduleGround(tea([]), { redis: redis() });
  const kept = await openModuleStore(redis(), one.accountId, { name: 'tea', migrations: [] });
  await kept.set('a', 1);
  const broken: Module['migrations'] = [(store) => store.set('a', 2).then(() => Promise.reject(new CommandRefusal('not this one')))];
  const two = await moduleGround([tea(broken), module('other', () => Promise.resolve())], { redis: redis(), accountId: one.accountId });
  expect(two.host.list().map(({ state }) => state)).toEqual(['failed', 'on']);
  expect(await kept.get('a')).toBe(1);
});

test('a module that goes on failing while another one starts is switched off once, and told of once', async () => {
  let open: (() => void) | undefined;
  const slow = module('slow', () => Promise.resolve(), { start: () => new Promise((resolve) => (open = resolve)) });
  const ground = await moduleGround([module('tea', () => Promise.reject(new Error('broken'))), { module: slow, offAtFirst: true }], { redis: redis() });
  const enabling = ground.host.enable('slow', never);
  await expect.poll(() => open).toBeDefined();
  for (let at = 0; at < FAULT_LIMITS.error + 5; at += 1) await ground.offer(message({ messageId: at }));
  expect(ground.told).toHaveLength(1);
  open?.();
  await enabling;
  await expect.poll(() => ground.host.find('tea')?.state).toBe('stopped');
  expect(ground.told).toHaveLength(1);
});

test('a stop does not wait for a Redis that is away while a module starts', async () => {
  const ground = new ModuleGround([module('tea', () => Promise.resolve())], { redis: redis(), settingsSource: { open: () => new Promise(() => undefined) } });
  const stop = new AbortController();
  const starting = ground.host.start(stop.signal);
  await settle();
  stop.abort(new Error('the daemon is stopping'));
  await expect(starting).rejects.toThrow('the daemon is stopping');
  await ground.host.stop();
  expect(ground.host.find('tea')?.state).toBe('off');
});

import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { documentedModules } from '../../../src/cli/documented-modules.js';
import { ModuleStoppedError } from '../../../src/errors.js';
import { defineModule, type Module } from '../../../src/modules/contract/index.js';
import { problemsOf } from '../../../src/modules/host/check-module.js';
import { BegunResources } from '../../support/begun-resources.js';
import { settle } from '../../support/fake-clock.js';
import { message, ownCommand, voiceMessage } from '../../support/messages.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
const DAY_MS = 86_400_000;
/** All that come with the program; whatever their ports are asked is never answered. */
let modules: Module[];
beforeAll(async () => {
  modules = await documentedModules();
});

test('every module that comes with the program is as a module has to be, beside all the others', () => {
  expect(modules.length).toBeGreaterThan(8);
  for (const [at, module] of modules.entries()) expect(problemsOf(module, modules.slice(0, at))).toEqual([]);
});

/** The same module, with each of its functions that is called told of. */
function toldOf(module: Module, tell: (what: string) => void): Module {
  const told = <T extends { name: string; run: (...given: never[]) => Promise<unknown> }>(kind: string, parts: readonly T[]): T[] =>
    parts.map((part) => ({ ...part, run: (...given: never[]) => (tell(`${kind} ${part.name}`), part.run(...given)) }));
  return { ...module, commands: told('command', module.commands), watchers: told('watcher', module.watchers), tasks: told('task', module.tasks) };
}

interface LeftBehind {
  /** What went on after the stop, in words. */
  went: string[];
  /** Whether it had started: whoever asks a port first never does. */
  started: boolean;
}

/** Has a module do all that it can, stops it (unless told not to) and tells what goes on all the same in the day after. */
async function leftBehind(make: Module | ((ground: () => ModuleGround) => Module), { stops = true, patienceMs = 3000 } = {}): Promise<LeftBehind> {
  const ran: string[] = [];
  const resources = new BegunResources();
  const late: { ground?: ModuleGround } = {};
  const module = toldOf(typeof make === 'function' ? make(() => late.ground!) : make, (what) => ran.push(what));
  const ground = (late.ground = await moduleGround([], { redis: context.redis, deadlinesMs: { start: 300, stop: 100 } }));
  onTestFinished(() => ground.host.stop());
  const { host, gateway, clock, accountId } = ground;
  const see = async (text: string): Promise<void> => {
    for (const seen of [message({ text }), voiceMessage(), ownCommand(`#${text}`)]) await ground.offer(seen);
    await clock.advance(DAY_MS);
  };
  const ends: string[] = [];
  const calls = module.commands.flatMap(({ name, about }) => [name, ...about.en.examples.map(({ type }) => type)]);
  await resources.during(async () => {
    await host.add(module, new AbortController().signal).catch(() => undefined);
    for (const command of module.commands) void ground.call(command.name, {}).then(() => ends.push(command.name), () => ends.push(command.name));
    for (const line of calls) void ground.type(`.${line}`).then(() => ends.push(line));
    await settle();
    await see('x');
  });
  const ctx = host.contextOf(module.name) as { sleep(ms: number, signal: AbortSignal): Promise<void> } | undefined;
  if (stops) await host.stop();
  await settle();
  const stored = (): Promise<unknown> => context.redis.hgetall(`gramscribe:${accountId}:module:${module.name}:store`);
  const before = { ran: ran.length, calls: gateway.calls.length, stored: JSON.stringify(await stored()) };
  const went: string[] = [];
  await resources.during(() => see('y'));
  if (stops && ctx !== undefined) {
    // Whoever called is not kept waiting.
    await expect.poll(() => ends.length, { timeout: 10_000 }).toBe(module.commands.length + calls.length);
    await expect(ctx.sleep(1, new AbortController().signal)).rejects.toBeInstanceOf(ModuleStoppedError);
  }
  // A process takes a moment to be gone after it was killed.
  if (stops) await expect.poll(() => resources.left(), { timeout: patienceMs }).toEqual([]).catch(() => undefined);
  went.push(...resources.left(), ...ran.slice(before.ran), ...gateway.calls.slice(before.calls).map((call) => `sent ${call}`));
  if (JSON.stringify(await stored()) !== before.stored) went.push('stored');
  went.push(...module.commands.flatMap(({ name }) => (host.findCommand(name) === undefined ? [] : [`found ${name}`])));
  resources.end();
  return { went, started: ctx !== undefined };
}

test('after its stop nothing of any module that comes with the program runs', async () => {
  const waiting: string[] = [];
  for (const module of modules) {
    const { went, started } = await leftBehind(module);
    expect(went, module.name).toEqual([]);
    if (!started) waiting.push(module.name);
  }
  // These ask a port before they have started, and it never answers.
  expect(waiting).toEqual(['security']);
});

describe('what is left behind is seen', () => {
  const about = { en: { title: 'Naughty', summary: 'stays' }, ru: { title: 'Озорник', summary: 'остаётся' } };
  const said = { summary: 'x', examples: [{ type: 'stay', does: 'x' }] };
  const naughty = (start: () => void): Module => defineModule({ name: 'naughty', version: '1.0.0', about, start: async () => Promise.resolve().then(start) });

  test('timers, processes and what is sent by the way', async () => {
    const ends: (() => void)[] = [];
    onTestFinished(() => ends.forEach((end) => end()));
    const interval = naughty(() => {
      const timer = setInterval(() => undefined, 60_000).unref();
      ends.push(() => clearInterval(timer));
    });
    const chain = naughty(() => {
      let timer = setTimeout(function again() { timer = setTimeout(again, 5); }, 5);
      ends.push(() => clearTimeout(timer));
    });
    const child = naughty(() => {
      const process = spawn('sleep', ['1000'], { stdio: 'ignore' });
      ends.push(() => process.kill('SIGKILL'));
    });
    const sending = (ground: () => ModuleGround): Module =>
      naughty(() => {
        void ground().clock.sleep(1.5 * DAY_MS, new AbortController().signal).then(() => ground().gateway.sendText({ chat: ground().gateway.self.peer, text: { text: 'late', entities: [] }, randomId: '1' }, new AbortController().signal));
      });
    const seen = async (module: Parameters<typeof leftBehind>[0]): Promise<string[]> => (await leftBehind(module, { patienceMs: 100 })).went;
    expect(await seen(interval)).toEqual(['Timeout']);
    expect(await seen(chain)).toContain('Timeout');
    expect(await seen(child)).toEqual(['PROCESSWRAP']);
    expect(await seen(sending)).toEqual([expect.stringContaining('late')]);
  });

  test('watchers, tasks, commands and the store of one that was not stopped', async () => {
    const run = (): Promise<undefined> => Promise.resolve(undefined);
    const lively = defineModule({
      name: 'lively',
      version: '1.0.0',
      about,
      uses: ['store', 'send'],
      commands: (command) => [command({ name: 'stay', about: { en: said, ru: said }, run })],
      watchers: (watcher) => [watcher({ name: 'all', filter: {}, run: async (seen, ctx) => ctx.store.set('seen', seen.text) })],
      tasks: (task) => [task({ name: 'often', everyMs: 60_000, run: async (ctx, signal) => {
        await ctx.send.send('saved', 'due', undefined, signal);
      } })],
    });
    const { went } = await leftBehind(lively, { stops: false });
    expect([...new Set(went)]).toEqual(expect.arrayContaining(['watcher all', 'task often', expect.stringMatching(/^sent .*due/), 'stored', 'found stay']));
    expect((await leftBehind(lively)).went).toEqual([]);
  });
});

import { beforeAll, expect, test } from 'vitest';
import { documentedModules } from '../../../src/cli/documented-modules.js';
import { ModuleStoppedError } from '../../../src/errors.js';
import type { Module } from '../../../src/modules/contract/index.js';
import { problemsOf } from '../../../src/modules/host/check-module.js';
import { settle } from '../../support/fake-clock.js';
import { message, ownCommand, voiceMessage } from '../../support/messages.js';
import { moduleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
/** All that come with the program; whatever their ports are asked is never answered. */
let modules: Module[];
beforeAll(async () => {
  modules = await documentedModules();
});

test('every module that comes with the program is as a module has to be, beside all the others', () => {
  expect(modules.length).toBeGreaterThan(8);
  for (const [at, module] of modules.entries()) expect(problemsOf(module, modules.slice(0, at))).toEqual([]);
});

test('after its stop nothing of any module that comes with the program runs', async () => {
  const waiting: string[] = [];
  for (const module of modules) {
    const ground = await moduleGround(module, { redis: context.redis, deadlinesMs: { start: 300, stop: 100 } });
    const { host, gateway, clock } = ground;
    const ctx = host.contextOf(module.name) as { sleep(ms: number, signal: AbortSignal): Promise<void> } | undefined;
    if (ctx === undefined) waiting.push(module.name);
    const ends: unknown[] = [];
    for (const command of module.commands) void ground.call(command.name, {}).then(() => ends.push('answered'), (error: unknown) => ends.push(error));
    for (const seen of [message({ text: 'x' }), voiceMessage(), ownCommand('#x')]) await ground.offer(seen);
    await clock.advance(86_400_000);
    await host.stop();
    await settle();
    // Whoever called is not kept waiting.
    if (ctx !== undefined) expect(ends, module.name).toHaveLength(module.commands.length);
    expect(host.list().map(({ state }) => state)).toEqual(['off']);
    for (const command of module.commands) expect(host.findCommand(command.name)).toBeUndefined();
    const before = [...gateway.calls];
    const stored = await context.redis.hgetall(`gramscribe:${ground.accountId}:module:${module.name}:store`);
    for (const seen of [message({ text: 'y' }), voiceMessage(), ownCommand('#y')]) await ground.offer(seen);
    await clock.advance(86_400_000);
    if (ctx !== undefined) await expect(ctx.sleep(1, new AbortController().signal)).rejects.toBeInstanceOf(ModuleStoppedError);
    expect(gateway.calls, module.name).toEqual(before);
    expect(await context.redis.hgetall(`gramscribe:${ground.accountId}:module:${module.name}:store`)).toEqual(stored);
  }
  // These ask a port before they have started, and it never answers.
  expect(waiting).toEqual(['security']);
});

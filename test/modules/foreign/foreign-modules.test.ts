import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandRefusal } from '../../../src/modules/contract/command-refusal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { foreignGround, moduleSource, packed, someMessage } from './support/foreign-ground.js';

const dice = await readFile(new URL('../../fixtures/modules/dice/module.js', import.meta.url), 'utf8');

async function ground(options: Parameters<typeof foreignGround>[1] = {}) {
  const made = foreignGround(await temporaryFolder(), options);
  onTestFinished(() => made.stop());
  return made;
}

describe('modules of others', () => {
  it('runs the example of docs/modules.md: arguments, settings, a refusal and its store', async () => {
    const { load, call, stored, modules } = await ground();
    await load(await packed(dice));
    expect(await call('dice', 'roll', { count: 3 })).toMatch(/^🎲 [1-6] [1-6] [1-6] \(sum \d+, rolled so far: 3\)$/);
    expect(await call('dice', 'roll')).toContain('rolled so far: 4');
    expect(stored.get('rolled')).toBe(4);
    await expect(call('dice', 'roll', { count: 50 })).rejects.toSatisfy((error) => error instanceof CommandRefusal && error.forPerson.includes('do not fit'));
    const info = await modules.info('dice');
    expect(info?.usage?.calls.store).toBeGreaterThan(0);
    expect(info?.residentBytes).toBeGreaterThan(10_000_000);
  });

  it('keeps what was let in readable for its own user alone, and starts it again after a restart', async () => {
    const { load, stop, entries, newModules, call, folder, signal } = await ground();
    await load(await packed(dice));
    expect((await stat(join(folder, 'dice', '1.0.0', 'module.js'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'dice'))).mode & 0o777).toBe(0o700);
    await stop();
    entries.clear();
    await newModules().start(signal);
    expect(await call('dice', 'roll')).toContain('🎲');
  });

  it('does not start a module one byte of which was changed on the disk, and tells its owner', async () => {
    const { load, stop, entries, newModules, folder, signal, told } = await ground();
    await load(await packed(dice));
    await stop();
    entries.clear();
    await writeFile(join(folder, 'dice', '1.0.0', 'module.js'), `${dice} `);
    await newModules().start(signal);
    expect(entries.get('dice')).toMatchObject({ state: 'failed', why: expect.stringContaining('module.js') as string });
    expect(told).toEqual([expect.stringContaining('Dice was not started')]);
  });

  it('shows what an update asks for in addition, and puts the old one back where the new one does not start', async () => {
    const { load, offer, modules, call, stop, entries, newModules, signal } = await ground();
    await load(await packed(moduleSource({ run: "return 'old';" })));
    const bad = moduleSource({ uses: ['send'], more: "start: async () => { throw new CommandRefusal('no'); }," }).replace("'1.0.0'", "'2.0.0'");
    const update = await offer(await packed(bad));
    expect(update.before?.version).toBe('1.0.0');
    expect(update.description.uses).toEqual(['send']);
    await expect(modules.load(update, signal)).rejects.toBeInstanceOf(CommandRefusal);
    expect(await call('sly', 'try')).toBe('old');
    const same = bad.replace("'2.0.0'", "'1.0.0'");
    await expect(modules.load(await offer(await packed(same)), signal)).rejects.toBeInstanceOf(CommandRefusal);
    expect(await call('sly', 'try')).toBe('old');
    await stop();
    entries.clear();
    await newModules().start(signal);
    expect(await call('sly', 'try')).toBe('old');
  });

  it('forgets a module that is thrown out, its files too, and nothing of it runs on', async () => {
    const { load, modules, entries, pins, folder, call, stored } = await ground();
    await load(await packed(dice));
    await call('dice', 'roll');
    expect(await modules.unload('dice')).toBe(true);
    expect(entries.has('dice') || pins.has('dice') || stored.has('rolled')).toBe(false);
    await expect(stat(join(folder, 'dice'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await modules.unload('dice')).toBe(false);
  });

  it('takes a grant back at once, and stops the module when it uses it all the same', async () => {
    const { load, modules, call, calls, halted, signal } = await ground();
    await load(await packed(moduleSource({ uses: ['send'], run: "await ctx.send.send('saved', 'hello', undefined, signal); return 'sent';" })));
    expect(await call('sly', 'try')).toBe('sent');
    expect(await modules.revoke('sly', 'send', signal)).toBe(true);
    await expect(call('sly', 'try')).rejects.toThrow();
    expect(calls).toHaveLength(1);
    expect(halted.get('sly')).toContain('not granted');
    expect(await modules.revoke('sly', 'send', signal)).toBe(false);
  });

  it('passes messages, progress, the reply, settings and an abort through the boundary', async () => {
    const { load, call, calls, signal } = await ground();
    const run = `
      call.progress('half');
      const replied = await call.repliedTo(signal);
      if (call.args.what === 'wait') { await new Promise((resolve) => signal.addEventListener('abort', resolve)); return 'late'; }
      await ctx.send.send(call.message.chat, { text: replied.text, file: { name: 'a.bin', mimeType: 'application/octet-stream', bytes: Uint8Array.from([0, 255, 7]) } }, { replyToMessageId: 3 }, signal);
      const bytes = await ctx.download.file(call.message, 100, signal);
      const answer = await ctx.network.fetch('https://api.example.com/x', undefined, signal);
      return { text: [...bytes].join() + new TextDecoder().decode(answer.body) + ctx.self.name };`;
    await load(await packed(moduleSource({ uses: ['send', 'download', 'network'], run }), undefined, ['api.example.com']));
    const progress: string[] = [];
    expect(await call('sly', 'try', {}, { progress: (text) => progress.push(text) })).toEqual({ text: '1,2,250hélloOwner' });
    expect(progress).toEqual(['half']);
    expect(calls[0]).toEqual({ what: 'send', to: [{ kind: 'user', id: '200' }, { text: 'replied', file: { name: 'a.bin', mimeType: 'application/octet-stream', bytes: Buffer.from([0, 255, 7]) } }] });
    const stopping = new AbortController();
    const waiting = call('sly', 'try', { what: 'wait' }, { signal: AbortSignal.any([signal, stopping.signal]), progress: () => stopping.abort(new Error('cancelled')) });
    await expect(waiting).rejects.toThrow('cancelled');
    expect(await call('sly', 'try')).toBeDefined();
  });

  it('runs watchers, tasks and migrations of the module, with its own idea of how often', async () => {
    const { load, entries, calls, signal } = await ground();
    const more = `
      watchers: (watcher) => [watcher({ name: 'hears', filter: { direction: 'incoming', text: { matches: '^h(e|a)llo' } }, wants: ({ text }) => !text.endsWith('nobody'), run: async (message, ctx, signal) => { await ctx.send.send(message.chat, 'heard ' + message.text, undefined, signal); } })],
      tasks: (task) => [task({ name: 'ticks', everyMs: () => 5000, run: async (ctx) => { await ctx.store.set('ticked', true); } })],
      migrations: [async (store) => { await store.set('born', 1); }],`;
    await load(await packed(moduleSource({ uses: ['send', 'store'], more })));
    const { module } = entries.get('sly')!;
    expect(module.watchers[0]?.filter).toEqual({ direction: 'incoming' });
    const ctx = { send: {}, log: {} };
    await module.watchers[0]!.run({ ...someMessage, text: 'Hallo you' }, ctx as never, signal);
    await module.watchers[0]!.run({ ...someMessage, text: 'other' }, ctx as never, signal);
    await module.watchers[0]!.run({ ...someMessage, text: 'Hallo nobody' }, ctx as never, signal);
    expect(calls).toEqual([{ what: 'send', to: [someMessage.chat, 'heard Hallo you'] }]);
    expect((module.tasks[0]?.everyMs as () => number)()).toBe(5000);
    const migrated = new Map<string, unknown>();
    await module.migrations[0]!({ set: async (key: string, value: unknown) => Promise.resolve(void migrated.set(key, value)) } as never);
    expect([...migrated]).toEqual([['born', 1]]);
  });

  it('lets the process of one that nobody uses go, with its work ended, and starts it again with its next command; not of one that waits or watches', async () => {
    const { load, call, modules, stored } = await ground({ restAfterMs: 1 });
    await load(await packed(moduleSource({ name: 'waits', command: 'wait', more: 'start: async (ctx, signal) => { void ctx.sleep(3_600_000, signal).catch(() => 0); },' })));
    await load(await packed(moduleSource({ name: 'watches', command: 'watch', more: "watchers: (watcher) => [watcher({ name: 'all', filter: {}, run: async () => undefined })]," })));
    const more = "start: async (ctx) => { kept = ctx; }, stop: async () => { await kept.store.set('ended', true); },";
    await load(await packed(moduleSource({ uses: ['store'], before: 'let kept; let count = 0;', run: 'count += 1; return count + String(await ctx.store.get("ended"));', more })));
    await expect.poll(async () => modules.info('sly')).toMatchObject({ isResting: true, residentBytes: undefined, state: 'on', usage: { ends: 0 } });
    expect(stored.get('ended')).toBe(true);
    expect(await call('sly', 'try')).toBe('1true');
    await expect.poll(async () => (await modules.info('sly'))?.isResting).toBe(true);
    for (const name of ['waits', 'watches']) expect(await modules.info(name), name).toMatchObject({ isResting: false, residentBytes: expect.any(Number) as number });
  });

  it('refuses what a module asks for too often, says when to ask again, and switches off one that does not heed it', async () => {
    const time = { nowMs: 0 };
    const { load, call, calls, halted } = await ground({ nowMs: () => time.nowMs });
    const run = `const tries = []; for (let i = 0; i < 25; i += 1) tries.push(await ctx.history.person('@anna', signal).then(() => 'found', (error) => error.name + ': ' + error.forPerson)); return JSON.stringify(tries);`;
    await load(await packed(moduleSource({ uses: ['history'], run })));
    const tries = async (): Promise<string[]> => JSON.parse((await call('sly', 'try')) as string) as string[];
    expect(await tries()).toEqual([...Array<string>(20).fill('found'), ...Array<string>(5).fill('CommandRefusal: This module asks for that too often; again in 3 s.')]);
    time.nowMs += 3000;
    expect((await tries()).filter((one) => one === 'found')).toHaveLength(1);
    expect(calls).toHaveLength(21);
    time.nowMs += 600_000;
    await tries();
    await tries();
    expect(halted.size).toBe(0);
    await expect(tries()).rejects.toThrow();
    expect(halted.get('sly')).toContain('more than it may');
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { archiveOf } from '../../src/modules/foreign/make-package.js';
import { moduleSource, packed } from '../modules/foreign/support/foreign-ground.js';
import { ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off' });
const dice = await readFile(new URL('../fixtures/modules/dice/module.js', import.meta.url), 'utf8');

const forging = moduleSource({
  uses: ['send'],
  run: "await ctx.send.send('saved', '.ping', undefined, signal); await ctx.send.send(call.message.chat, '.ping there', undefined, signal); return '.ping as an answer';",
});

test('a module of somebody else is sent as a file, let in, works, cannot give commands in the owner’s name, survives a kill, and stays off once a byte of it was changed', async () => {
  const { sandbox, daemon, owner } = context;
  await daemon.ensureStarted();
  const said = (text: string, replyTo?: { key: number }) => {
    const { key } = sandbox.send.text({ from: owner, to: owner, text, ...(replyTo !== undefined && { replyTo }) });
    return { key, until: async (part: string) => (await sandbox.waitForMessage((message) => message.key === key && message.text.includes(part), { timeoutMs: 60_000 })).text };
  };
  const letIn = async (source: string, asked: string, done: string): Promise<void> => {
    const bytes = Buffer.from(await archiveOf(await packed(source)));
    const loading = said('.loadmod', sandbox.send.file({ from: owner, to: owner, bytes, durationSec: 0, fileName: 'module.tar.gz' }));
    expect(await loading.until('Let it in?')).toContain(asked);
    await expect
      .poll(
        () => {
          sandbox.send.text({ from: owner, to: owner, text: '.yes' });
          return sandbox.message(loading.key).text;
        },
        { interval: 1000, timeout: 60_000 },
      )
      .toBe(done);
  };

  await letIn(dice, '• keep data of its own', '✅ Dice is let in and runs.');
  expect(await said('.roll 2').until('🎲')).toContain('rolled so far: 2');
  await letIn(forging, '• write in your name', '✅ Sly is let in and runs.');
  await said('.try').until('.ping as an answer');
  expect(await said('.ping').until('ms')).toMatch(/ms$/);
  // What a module writes in the owner's name is no command of the owner's.
  const written = sandbox.world.messages.map(({ text }) => text).filter((text) => text.startsWith('.ping'));
  expect(written.sort()).toEqual(['.ping', '.ping as an answer', '.ping there']);
  await said('.config dice sides 2').until('✅');
  await daemon.end('SIGKILL');
  await daemon.start();
  expect(await said('.roll 3').until('🎲')).toMatch(/^🎲 [12] [12] [12] \(.*rolled so far: 5\)$/);
  await daemon.end('SIGKILL');
  await writeFile(join(daemon.dataDir, 'modules', 'dice', '1.0.0', 'module.js'), `${dice}\n`);
  await daemon.start();
  await sandbox.waitForMessage(({ text }) => text.includes('Dice was not started') && text.includes('module.js'), { timeoutMs: 60_000 });
  expect(await said('.modules').until('dice')).toContain('module.js');
  expect(await said('.ping').until('ms')).toBeDefined();
});

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { killOrphans, markChild, tether } from '../../src/speech/orphans.js';
import { processesWith, testFolder } from '../support/workspace.js';

/** A process that does nothing, with `token` among its arguments. */
async function idler(token: string): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log("up")', token], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync('true').pid;
}

const token = () => `token-${crypto.randomUUID()}`;

describe('orphans', () => {
  it('kills the child of an owner that is gone, and only once', async () => {
    const runDir = join(await testFolder(), 'made', 'when needed');
    const word = token();
    const child = await idler(word);
    await markChild(runDir, { childPid: child.pid, ownerPid: deadPid(), token: word });
    const gone = once(child, 'exit');
    expect(await killOrphans(runDir)).toBe(1);
    await gone;
    expect(await killOrphans(runDir)).toBe(0);
    expect(await readdir(runDir)).toEqual([]);
  });

  it('leaves the child of a living owner alone', async () => {
    const runDir = await testFolder();
    const word = token();
    const child = await idler(word);
    const unmark = await markChild(runDir, { childPid: child.pid, ownerPid: process.pid, token: word });
    expect(await killOrphans(runDir)).toBe(0);
    expect(await readdir(runDir)).toHaveLength(1);
    await unmark();
    expect(await readdir(runDir)).toEqual([]);
    expect(child.exitCode).toBeNull();
  });

  it('leaves a stranger alone that got the number of a child that is long gone', async () => {
    const runDir = await testFolder();
    const stranger = await idler('somebody else');
    await markChild(runDir, { childPid: stranger.pid, ownerPid: deadPid(), token: token() });
    expect(await killOrphans(runDir)).toBe(0);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(await readdir(runDir)).toEqual([]);
  });

  it('clears away notes that it cannot read, and is content where there is no folder', async () => {
    const runDir = await testFolder();
    await writeFile(join(runDir, 'engine-torn.json'), '{"childPid": 1,');
    await writeFile(join(runDir, 'other.txt'), 'not ours');
    expect(await killOrphans(runDir)).toBe(0);
    expect(await readdir(runDir)).toEqual(['other.txt']);
    expect(await killOrphans(join(runDir, 'absent'))).toBe(0);
  });

  it('ties a child to its parent, so that it dies when the parent is killed with -9', async (ctx) => {
    const words = await tether();
    if (words.length === 0) return ctx.skip('this machine has no setpriv with --pdeathsig');
    const word = token();
    const command = [...words, process.execPath, '-e', 'setInterval(() => {}, 1e6); console.log("up")', word];
    const script = `require('child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' })`;
    const parent = spawn(process.execPath, ['-e', script, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    expect(await processesWith(word)).toHaveLength(2);
    parent.kill('SIGKILL');
    await vi.waitUntil(async () => (await processesWith(word)).length === 0, { timeout: 10_000 });
  });
});

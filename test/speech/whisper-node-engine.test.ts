import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi, type TestContext } from 'vitest';
import { RetryableError, SetupError } from '../../src/errors.js';
import { parseVtt } from '../../src/speech/whisper-node/parse-vtt.js';
import { WhisperNodeEngine, type WhisperNodeEngineOptions } from '../../src/speech/whisper-node/whisper-node-engine.js';
import { requireEngine, silent, testModels } from '../support/engine.js';
import { requireWhisperNode } from '../support/whisper-node.js';
import { bundledClips, testFolder } from '../support/workspace.js';
import { describeEngine } from './engine-conformance.js';
import { pcmOf, wordsOf } from './sounds.js';

const never = new AbortController().signal;
const run = promisify(execFile);

async function engineIn(packageFolder: string, options: Partial<WhisperNodeEngineOptions> = {}): Promise<WhisperNodeEngine> {
  const engine = new WhisperNodeEngine({ packageFolder, modelsDir: testModels, model: 'nano', workDir: await testFolder(), log: silent, ...options });
  onTestFinished(() => engine.stop());
  return engine;
}

async function startable(ctx: TestContext, options: Partial<WhisperNodeEngineOptions> = {}): Promise<WhisperNodeEngine> {
  requireEngine(ctx);
  return engineIn(await requireWhisperNode(ctx), options);
}

interface Running {
  pid: number;
  ppid: number;
  group: number;
  words: string;
}

async function processes(): Promise<Running[]> {
  const { stdout } = await run('ps', ['-eo', 'stat=,pid=,ppid=,pgid=,args=', '-ww'], { maxBuffer: 1 << 24 });
  return stdout.split('\n').flatMap((line) => {
    const [, state = 'Z', pid, ppid, group, words = ''] = /^(\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line.trim()) ?? [];
    return state.startsWith('Z') ? [] : [{ pid: Number(pid), ppid: Number(ppid), group: Number(group), words }];
  });
}

/** What the engine of this process has running: its child, the shell and the program. */
async function groupOfOurs(): Promise<Running[]> {
  const all = await processes();
  const groups = all.filter(({ ppid, pid, group, words }) => ppid === process.pid && pid === group && words.includes('child.mjs')).map(({ pid }) => pid);
  return all.filter(({ group }) => groups.includes(group));
}

async function heldProgram(): Promise<number> {
  const program = await vi.waitUntil(async () => (await groupOfOurs()).find(({ words }) => words.startsWith('./main')), { timeout: 60_000, interval: 20 });
  process.kill(program.pid, 'SIGSTOP');
  return program.pid;
}

describeEngine('WhisperNodeEngine', {
  clips: 1,
  lengths: [0, 1, 12_345],
  create: async (ctx) => {
    let held = 0;
    return {
      engine: await startable(ctx),
      hold: async () => {
        held = await heldProgram();
      },
      kill: () => void process.kill(held, 'SIGKILL'),
    };
  },
  createBroken: async () => engineIn(await testFolder()),
});

describe('WhisperNodeEngine', () => {
  it('works in folders of any name and gives the shell none of them', async (ctx) => {
    const folder = join(await testFolder(), `it's "$(touch owned)"; a folder`);
    await mkdir(folder);
    await symlink(await requireWhisperNode(ctx), join(folder, 'package'));
    await symlink(testModels, join(folder, 'models'));
    const engine = await startable(ctx, { packageFolder: join(folder, 'package'), modelsDir: join(folder, 'models'), workDir: join(folder, 'work') });
    const [, clip] = await bundledClips();
    const before = process.cwd();
    const { segments } = await engine.transcribe({ pcm: await pcmOf(clip!.path), language: 'en' }, never);
    expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip!.text));
    expect(process.cwd()).toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['models', 'package', 'work']);
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });

  it('leaves nothing running where a request takes too long, nor where its own child is killed', async (ctx) => {
    const slow = await startable(ctx, { deadlineBaseMs: 1500, deadlinePerAudioMs: 0 });
    const asked = { pcm: { samples: new Int16Array(480_000) }, language: 'en' };
    const late = expect(slow.transcribe(asked, never)).rejects.toThrow('no answer in 1500 ms');
    // Where the deadline comes before the program is there at all, there is nothing to hold.
    const held = heldProgram().catch(() => undefined);
    await late;
    expect(await groupOfOurs()).toEqual([]);
    await Promise.race([held, slow.stop()]);

    const engine = await startable(ctx);
    const killed = expect(engine.transcribe(asked, never)).rejects.toBeInstanceOf(RetryableError);
    await heldProgram();
    const members = await groupOfOurs();
    process.kill(members.find(({ words }) => words.includes('child.mjs'))!.pid, 'SIGKILL');
    await killed;
    const left = members.map(({ pid }) => pid);
    await vi.waitUntil(async () => !(await processes()).some(({ pid }) => left.includes(pid)));
  });

  it('gives a short sound the time of a whole window, which is what it costs', async (ctx) => {
    const engine = await startable(ctx, { deadlineBaseMs: 0, deadlinePerAudioMs: 0.001 });
    await expect(engine.transcribe({ pcm: { samples: new Int16Array(16_000) }, language: 'en' }, never)).rejects.toThrow('no answer in 30 ms');
  });

  it('says that a model is nothing for it, though it begins like one', async (ctx) => {
    const modelsDir = await testFolder();
    const whole = await readFile(join(testModels, 'ggml-nano.bin'));
    await writeFile(join(modelsDir, 'ggml-odd.bin'), whole.subarray(0, whole.length / 2));
    const engine = await startable(ctx, { modelsDir, model: 'odd' });
    await expect(engine.transcribe({ pcm: { samples: new Int16Array(16_000) }, language: 'en' }, never)).rejects.toBeInstanceOf(SetupError);
  });
});

describe('parseVtt', () => {
  it('reads cues of any hour, cuts times to the sound, and passes over what is no cue', () => {
    const vtt = 'WEBVTT\n\n00:00:00.100 --> 00:00:00.700\n ты утром\n\n00:00:00.600 --> 01:00:03.300\n вечером  хлеб\n\nNOTE nothing\n\n00:00:09.000 --> 00:00:10.000\n \n\n';
    expect(parseVtt(vtt, 3000)).toEqual([
      { startMs: 100, endMs: 700, text: 'ты утром', words: [] },
      { startMs: 700, endMs: 3000, text: 'вечером хлеб', words: [] },
    ]);
    expect(parseVtt('', 3000)).toEqual([]);
  });
});

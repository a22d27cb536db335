import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, vi, type TestContext } from 'vitest';
import { RetryableError } from '../../src/errors.js';
import type { Logger } from '../../src/log/logger.js';
import { findEngine, readBuild } from '../../src/setup/engine-paths.mjs';
import { cpuIdentity, engineFolder, engineProfiles } from '../../src/setup/engine-profiles.mjs';
import { enginesDir } from '../../src/setup/paths.mjs';
import { canary } from '../../src/speech/canary.js';
import { EngineBuilds } from '../../src/speech/engine-builds.js';
import { replaceBuildIn } from '../../src/speech/replace-build.js';
import type { Tuning } from '../../src/speech/tuning-store.js';
import type { WhisperServer } from '../../src/speech/whisper-server.js';
import { requireEngine, silent, startableServer, testModels } from '../support/engine.js';
import { bundledClips, processesWith, testFolder } from '../support/workspace.js';
import { pcmOf, wordsOf } from './sounds.js';

const never = new AbortController().signal;
const silence = { pcm: { samples: new Int16Array(16_000) }, language: 'en' };

async function expectRightText(server: WhisperServer): Promise<void> {
  const clip = (await bundledClips())[1]!;
  const { segments } = await server.transcribe({ pcm: await pcmOf(clip.path), language: 'en' }, never);
  expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip.text));
}

async function serverPid(runDir: string): Promise<number | undefined> {
  const [note] = await readdir(runDir);
  // It may end, or be half written, as we look.
  const text = note === undefined ? '' : await readFile(join(runDir, note), 'utf8').catch(() => '');
  return text === '' ? undefined : (JSON.parse(text) as { childPid: number }).childPid;
}

/** The model with the last layer norm of its decoder set to nothing: it loads, and all words are as likely to it. */
function hollowed(model: Buffer): Buffer {
  for (const name of ['decoder.ln.weight', 'decoder.ln.bias']) {
    const at = model.indexOf(name);
    const values = model.readInt32LE(at - 4);
    model.fill(0, at + name.length, at + name.length + 4 * values);
  }
  return model;
}

/** A folder with the bundled model under its name and another, and one that loads but cannot hear. */
async function threeModels(ctx: TestContext): Promise<string> {
  requireEngine(ctx);
  const folder = await testFolder();
  for (const name of ['nano', 'other']) await copyFile(join(testModels, 'ggml-nano.bin'), join(folder, `ggml-${name}.bin`));
  await writeFile(join(folder, 'ggml-hollow.bin'), hollowed(await readFile(join(testModels, 'ggml-nano.bin'))));
  return folder;
}

/** A program in place of the server that dies of an instruction which this CPU does not have. */
async function illegalServer(path: string): Promise<string> {
  await writeFile(path, '#!/bin/sh\nkill -ILL $$\n', { mode: 0o755 });
  return path;
}

/** A logger that hands on what is said. */
function heard(onLine: (line: unknown, level: string) => void): Logger {
  return pino({ level: 'info', hooks: { logMethod: (args, _method, level) => onLine(args.at(-1), pino.levels.labels[level] ?? '') } });
}

describe('a switch of the model', () => {
  it('tries the new one beside the old one, and no request is lost on the way', async (ctx) => {
    const server = await startableServer(ctx, { modelsDir: await threeModels(ctx), canary });
    await server.transcribe(silence, never);
    const answers = Promise.all([1, 2, 3].map(() => expectRightText(server)));
    await server.useModel('other', never);
    await answers;
    expect(server.model).toBe('other');
    await expectRightText(server);
    expect(await server.state()).toMatchObject({ model: 'other', loaded: true, restarts: 0 });
  });

  it('refuses a model that makes the wrong text of a known clip, and the old one works on in its own process', async (ctx) => {
    const runDir = await testFolder();
    const modelsDir = await threeModels(ctx);
    await copyFile(join(modelsDir, 'ggml-hollow.bin'), join(modelsDir, 'ggml-nano.bin'));
    const server = await startableServer(ctx, { modelsDir, model: 'other', canary, runDir });
    await expectRightText(server);
    const pid = await serverPid(runDir);
    await expect(server.useModel('nano', never)).rejects.toMatchObject({ name: 'ModelRefusedError', reason: 'text' });
    expect(server.model).toBe('other');
    await expectRightText(server);
    expect(await serverPid(runDir)).toBe(pid);
    expect(await readdir(runDir)).toHaveLength(1);
  });

  it('unloads the old one first where the memory is too little for two, and loads it again when the new one is refused', async (ctx) => {
    const modelsDir = await threeModels(ctx);
    const server = await startableServer(ctx, { modelsDir, canary, freeMemory: () => 1000 });
    await server.transcribe(silence, never);
    // It begins like a model, which is enough for the engine to start, and not to hear.
    await writeFile(join(modelsDir, 'ggml-torn.bin'), (await readFile(join(modelsDir, 'ggml-nano.bin'))).subarray(0, 9000));
    await expect(server.useModel('torn', never)).rejects.toMatchObject({ name: 'ModelRefusedError', reason: 'died' });
    expect([server.model, server.loaded]).toEqual(['nano', true]);
    await server.useModel('other', never);
    expect([server.model, server.loaded]).toEqual(['other', true]);
    expect((await processesWith(modelsDir)).filter((line) => line.includes('ggml-'))).toHaveLength(1);
  });
});

describe('a switch of the model', () => {
  it('holds the voices where the memory is too little for the new one and an old one that a voice would load meanwhile', async (ctx) => {
    const modelsDir = await threeModels(ctx);
    const tried: string[] = [];
    let voice: Promise<void> | undefined;
    const trial: typeof canary = async (...args) => {
      tried.push(args[0]);
      voice ??= expectRightText(server);
      await canary(...args);
    };
    // Either of them fits (the known one needs 94 MiB, the other 327), both do not.
    const server: WhisperServer = await startableServer(ctx, { modelsDir, canary: trial, freeMemory: () => 400 * 2 ** 20 });
    await server.useModel('other', never);
    await voice;
    expect(tried).toEqual(['other']);
  });

  it('has what is being measured give way, and lets nothing be measured until it is over', async (ctx) => {
    const quiet: (() => void)[] = [];
    const measured: string[] = [];
    const tune = (model: string, signal: AbortSignal): Promise<void> => {
      measured.push(model);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const schedule = (run: () => void, afterMs: number): (() => void) => {
      if (afterMs < 600_000) quiet.push(run);
      return () => undefined;
    };
    const trial: typeof canary = async (...args) => {
      quiet.at(-1)!();
      await canary(...args);
    };
    const server = await startableServer(ctx, { modelsDir: await threeModels(ctx), tune, schedule, canary: trial });
    server.start();
    quiet.at(-1)!();
    await vi.waitUntil(() => measured.length === 1);
    await server.useModel('other', never);
    expect(measured).toEqual(['nano']);
    quiet.at(-1)!();
    await vi.waitUntil(() => measured.length === 2);
    expect(measured).toEqual(['nano', 'other']);
  });
});

describe('an engine on a machine that is slow', () => {
  it('has twice as long for its trial after each one that took too long, so that it gets to work at last', async (ctx) => {
    const limits: number[] = [];
    const slow: typeof canary = async (model, ask, signal) => {
      if (limits.length === 2) return canary(model, ask, signal);
      const hung = await ask({ pcm: { samples: new Int16Array(480_000) }, language: 'en', thorough: true }).catch((error: unknown) => error);
      limits.push(Number(/in (\d+) ms/.exec((hung as Error).message)?.[1]));
      throw hung;
    };
    // So much is there for a model of 18 MB that no machine does it.
    const server = await startableServer(ctx, { canary: slow, trialLimitMs: -4185 });
    for (const _ of [1, 2]) await expect(server.transcribe(silence, never)).rejects.toBeInstanceOf(RetryableError);
    expect(limits[1]).toBe(2 * limits[0]!);
  });
});

describe('an engine that is stopped', () => {
  it('leaves no process behind that was just ready', async (ctx) => {
    const modelsDir = await threeModels(ctx);
    let stopped: Promise<void> | undefined;
    const log = heard((line) => {
      if (line === 'speech engine started') stopped = server.stop();
    });
    const server: WhisperServer = await startableServer(ctx, { modelsDir, log });
    await expect(server.transcribe(silence, never)).rejects.toBeInstanceOf(RetryableError);
    await stopped;
    expect(await processesWith(modelsDir)).toEqual([]);
  });

  it('leaves no process behind that was about to take over from another', async (ctx) => {
    const modelsDir = await threeModels(ctx);
    let stopped: Promise<void> | undefined;
    const log = heard((line) => {
      if (line === 'speech model switched') stopped = server.stop();
    });
    const server: WhisperServer = await startableServer(ctx, { modelsDir, log });
    await server.transcribe(silence, never);
    await server.useModel('other', never).catch(() => undefined);
    await stopped;
    expect(await processesWith(modelsDir)).toEqual([]);
  });

  it('leaves none behind either where the note about it cannot be written', async (ctx) => {
    const modelsDir = await threeModels(ctx);
    const file = join(await testFolder(), 'full');
    await writeFile(file, '');
    const server = await startableServer(ctx, { modelsDir, runDir: join(file, 'run') });
    await expect(server.transcribe(silence, never)).rejects.toThrow();
    expect(await processesWith(modelsDir)).toEqual([]);
  });

  it('because it is idle costs the voice nothing that comes in that very moment', async (ctx) => {
    const idle: (() => void)[] = [];
    const schedule = (run: () => void): (() => void) => {
      idle.push(run);
      return () => undefined;
    };
    const server = await startableServer(ctx, { schedule });
    await server.transcribe(silence, never);
    idle.at(-1)!();
    await server.transcribe(silence, never);
    expect(await server.state()).toMatchObject({ loaded: true, restarts: 0 });
  });
});

describe('an engine that cannot be trusted', () => {
  it('gets no voice to hear when the model fails on a known clip, and says so', async (ctx) => {
    const modelsDir = await threeModels(ctx);
    await copyFile(join(modelsDir, 'ggml-hollow.bin'), join(modelsDir, 'ggml-nano.bin'));
    const server = await startableServer(ctx, { modelsDir, canary });
    const refusal = await server.transcribe(silence, never).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RetryableError);
    // A wait, so that the job does not use up its tries.
    expect((refusal as RetryableError).retryAfterMs).toBeGreaterThan(60_000);
    expect(server.loaded).toBe(false);
  });

  it('is replaced by the next build when it dies of an instruction, is never chosen again, and the daemon goes on', async (ctx) => {
    const real = requireEngine(ctx);
    const cacheDir = await testFolder();
    const [first, second] = engineProfiles(process.arch).map((profile) => ({ profile, folder: join(enginesDir(cacheDir), engineFolder(profile, { arch: process.arch, cpu: cpuIdentity() })) }));
    for (const { profile, folder } of [first!, second!]) {
      await mkdir(join(folder, 'bin'), { recursive: true });
      for (const path of [real.cliPath, real.vadPath, real.quantizePath, real.serverPath]) {
        const place = join(folder, 'bin', basename(path));
        if (profile === first!.profile && path === real.serverPath) await illegalServer(place);
        else await symlink(path, place);
      }
      await writeFile(join(folder, 'build.json'), JSON.stringify({ version: '1.9.1', profile: profile.name, flags: [], builtAt: '', canary: 'passed' }));
    }
    expect(dirname(dirname(findEngine(cacheDir)!.serverPath))).toBe(first!.folder);
    const builds = new EngineBuilds({ first: findEngine(cacheDir)!, replace: replaceBuildIn(cacheDir, silent), log: silent });
    const server = await startableServer(ctx, { serverPath: builds, canary });
    const put = await server.transcribe(silence, never).catch((error: unknown) => error);
    expect((put as RetryableError).retryAfterMs).toBeDefined();
    await builds.settled(never);
    await expectRightText(server);
    expect((await server.state()).engine).toBe(`whisper.cpp 1.9.1 (${second!.profile.name})`);
    expect(readBuild(first!.folder)).toMatchObject({ canary: 'failed', reason: expect.stringContaining('SIGILL') as string });
    expect(findEngine(cacheDir)?.profile).toBe(second!.profile.name);
  });

  it('holds the voices where no other build can be made, and says what to do', async (ctx) => {
    requireEngine(ctx);
    const errors: unknown[] = [];
    const log = heard((line, level) => level === 'error' && errors.push(line));
    const server = await startableServer(ctx, { serverPath: await illegalServer(join(await testFolder(), 'whisper-server')), canary, log });
    for (const atLeastMs of [0, 60_000]) {
      const put = await server.transcribe(silence, never).catch((error: unknown) => error);
      expect((put as RetryableError).retryAfterMs).toBeGreaterThanOrEqual(atLeastMs);
    }
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('GRAMSCRIBE_ENGINE_DIR');
    expect(await server.trouble()).toContain('SIGILL');
  });
});

describe('an engine that goes wrong', () => {
  it('gives up a request that hangs in two processes, one after the other', async (ctx) => {
    const runDir = await testFolder();
    const stopped: number[] = [];
    const onLine = (line: unknown): void => {
      if (line !== 'speech engine started' || stopped.length === 2) return;
      const [note = ''] = readdirSync(runDir);
      const { childPid } = JSON.parse(readFileSync(join(runDir, note), 'utf8')) as { childPid: number };
      stopped.push(childPid);
      process.kill(childPid, 'SIGSTOP');
    };
    const server = await startableServer(ctx, { runDir, leastLimitMs: 1000, patience: 20, log: heard(onLine) });
    // No sound at all: as long as nothing is known of the model, the limit goes by the length.
    const nothing = { pcm: { samples: new Int16Array(0) }, language: 'en' };
    await expect(server.transcribe(nothing, never)).rejects.toBeInstanceOf(RetryableError);
    expect(new Set(stopped).size).toBe(2);
    await expectRightText(server);
    expect(await server.state()).toMatchObject({ restarts: 2, lastRestart: { cause: 'hang' } });
  });

  it('is named for what it was when it is killed, and counted', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir });
    await server.transcribe(silence, never);
    process.kill((await serverPid(runDir))!, 'SIGKILL');
    await vi.waitUntil(async () => (await server.state()).restarts === 1);
    expect(await server.state()).toMatchObject({ loaded: false, lastRestart: { cause: 'killed' } });
    await expectRightText(server);
  });

  it('is ended between two requests when its memory has grown too much, at no cost', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir, allowedGrowthBytes: 4096 });
    await server.transcribe(silence, never);
    expect((await server.state()).memoryBytes).toBeGreaterThan(1_000_000);
    // A full window touches buffers that a short sound does not need: growth, if honest growth.
    await server.transcribe({ pcm: { samples: new Int16Array(480_000) }, language: 'en', thorough: true }, never);
    expect(await server.state()).toMatchObject({ loaded: false, lastRestart: { cause: 'memory-growth' } });
    await expectRightText(server);
  });
});

describe('the tuning of a model', () => {
  const tuning: Tuning = { threads: 1, flashAttention: false, realTimeFactor: 0.5, msPerWindow: 1000, measuredAtMs: 0 };

  it('says how the engine is started', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir, threads: 2, tuningOf: () => Promise.resolve(tuning) });
    await expectRightText(server);
    const args = (await readFile(`/proc/${await serverPid(runDir)}/cmdline`, 'utf8')).split('\0');
    expect(args[args.indexOf('--threads') + 1]).toBe('1');
    expect(args).toContain('--no-flash-attn');
    expect(await server.state()).toMatchObject({ threads: 1, flashAttention: false, tuned: true });
  });

  it('is made when it is quiet and gives way to a voice', async (ctx) => {
    const quiet: (() => void)[] = [];
    let isAborted = false;
    const tune = (_model: string, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          isAborted = true;
          reject(signal.reason as Error);
        });
      });
    const schedule = (run: () => void, afterMs: number): (() => void) => {
      if (afterMs < 600_000) quiet.push(run);
      return () => undefined;
    };
    const server = await startableServer(ctx, { tune, schedule });
    server.start();
    quiet[0]!();
    await expectRightText(server);
    expect(isAborted).toBe(true);
    // It has not been done yet, so the next quiet moment is waited for.
    expect(quiet.length).toBeGreaterThan(1);
  });
});

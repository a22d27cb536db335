import { readdirSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RetryableError, SetupError } from '../../src/errors.js';
import { readWindow } from '../../src/media/pcm-file.js';
import type { WhisperServer } from '../../src/speech/whisper-server.js';
import { requireEngine, startableServer, testModels } from '../support/engine.js';
import { bundledClips, processesWith, testFolder } from '../support/workspace.js';
import { describeEngine } from './engine-conformance.js';
import { generated, joined, pcmOf, recordingOf, wordsOf } from './sounds.js';

const never = new AbortController().signal;

describeEngine('WhisperServer', {
  clips: 5,
  lengths: [0, 1, 1600, 12_345, 480_000],
  create: async (ctx) => {
    const runDir = await testFolder();
    let onWork: (() => void) | undefined;
    let held = 0;
    // Held still, so that it is surely in the middle of the request when something befalls it.
    const log = listening((line) => {
      if (onWork === undefined || !line.includes('processing')) return;
      const [note = ''] = readdirSync(runDir);
      held = (JSON.parse(readFileSync(join(runDir, note), 'utf8')) as { childPid: number }).childPid;
      process.kill(held, 'SIGSTOP');
      onWork();
      onWork = undefined;
    });
    return {
      engine: await startableServer(ctx, { runDir, log, abortGraceMs: 100 }),
      hold: () => new Promise<void>((resolve) => (onWork = resolve)),
      kill: () => void process.kill(held, 'SIGKILL'),
    };
  },
  createBroken: async (ctx) => startableServer(ctx, { modelsDir: await testFolder() }),
});

/** The process id of the server that notes itself in `runDir`; undefined while none runs. */
async function serverPid(runDir: string): Promise<number | undefined> {
  const [note] = await readdir(runDir);
  if (note === undefined) return undefined;
  return (JSON.parse(await readFile(join(runDir, note), 'utf8')) as { childPid: number }).childPid;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function expectRightText(server: WhisperServer): Promise<void> {
  const clip = (await bundledClips())[1]!;
  const { segments } = await server.transcribe({ pcm: await pcmOf(clip.path), language: 'en' }, never);
  expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip.text));
}

const secondOfSilence = { pcm: { samples: new Int16Array(16_000) }, language: 'en' };

/** A logger that hands every message to `onLine`. */
function listening(onLine: (line: string) => void) {
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      onLine(chunk.toString());
      done();
    },
  });
  return pino({ level: 'debug' }, stream);
}

describe('WhisperServer', () => {
  it('costs the running request one retry when its process is killed, and the next request works', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir });
    await server.transcribe(secondOfSilence, never);
    const pid = (await serverPid(runDir))!;
    // Held still, so that the request is surely in the middle of its way when the kill comes.
    process.kill(pid, 'SIGSTOP');
    const request = server.transcribe(secondOfSilence, never);
    const outcome = expect(request).rejects.toThrow(/ended by SIGKILL/);
    process.kill(pid, 'SIGKILL');
    await outcome;
    await expect(request).rejects.toBeInstanceOf(RetryableError);
    await expectRightText(server);
    expect(await serverPid(runDir)).not.toBe(pid);
  });

  it('knows of its trouble: a crash loop until the next answer, a model that is gone', async (ctx) => {
    const { serverPath } = requireEngine(ctx);
    const folder = await testFolder();
    const modelsDir = await testFolder();
    await copyFile(join(testModels, 'ggml-nano.bin'), join(modelsDir, 'ggml-nano.bin'));
    const program = join(folder, 'whisper-server');
    await writeFile(program, '#!/bin/sh\nexit 9\n', { mode: 0o755 });
    const server = await startableServer(ctx, { serverPath: program, modelsDir });
    expect(await server.trouble()).toBeUndefined();
    for (let count = 0; count < 3; count += 1) {
      await expect(server.transcribe(secondOfSilence, never)).rejects.toBeInstanceOf(RetryableError);
    }
    expect(await server.trouble()).toBe('failed 3 times in a row');
    await writeFile(program, `#!/bin/sh\nexec "${serverPath}" "$@"\n`);
    await server.transcribe(secondOfSilence, never);
    expect(await server.trouble()).toBeUndefined();
    await rm(join(modelsDir, 'ggml-nano.bin'));
    expect(await server.trouble()).toBe('its model is not there');
  });

  it('leaves long segments whole, though the server by itself cuts them at 60 characters', async (ctx) => {
    const server = await startableServer(ctx);
    const clips = (await bundledClips()).filter(({ file }) => file.startsWith('01') || file.startsWith('03'));
    const spoken: Int16Array[] = [];
    for (const clip of clips) {
      const recording = await recordingOf(clip.path);
      for (const { start, end } of clip.segments) {
        spoken.push((await readWindow(recording, start * 1000, end * 1000 + 40)).samples);
      }
    }
    const { segments } = await server.transcribe({ pcm: joined(spoken), language: 'ru' }, never);
    expect(segments.map(({ text }) => text)).toEqual([clips.map(({ text }) => text).join(' ')]);
    expect(segments[0]!.text.length).toBeGreaterThan(60);
  });

  it('starts anew after its process died between two requests, at no cost', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir });
    await server.transcribe(secondOfSilence, never);
    const pid = (await serverPid(runDir))!;
    process.kill(pid, 'SIGKILL');
    await vi.waitUntil(async () => (await serverPid(runDir)) === undefined);
    await expectRightText(server);
  });

  it('stops computing when a running request is aborted, and the same process serves the next one', async (ctx) => {
    const runDir = await testFolder();
    const abort = new AbortController();
    const lines: string[] = [];
    const log = listening((line) => {
      lines.push(line);
      if (line.includes('processing')) abort.abort(new Error('deleted meanwhile'));
    });
    const server = await startableServer(ctx, { runDir, log, abortGraceMs: 20_000 });
    const noise = await readWindow(await generated('anoisesrc=d=30:a=0.5'), 0, 30_000);
    await expect(server.transcribe({ pcm: noise, language: 'en', thorough: true }, abort.signal)).rejects.toThrow(
      'deleted meanwhile',
    );
    expect(lines.filter((line) => line.includes('client disconnected, aborted processing'))).toHaveLength(1);
    const pid = await serverPid(runDir);
    await expectRightText(server);
    expect(await serverPid(runDir)).toBe(pid);
  });

  it.skipIf(process.platform !== 'linux')('tells its process nothing of our own environment, in which there are secrets', async (ctx) => {
    const runDir = await testFolder();
    vi.stubEnv('TELEGRAM_API_HASH', 'a-secret-of-the-daemon');
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await startableServer(ctx, { runDir });
    await server.transcribe(secondOfSilence, never);
    const variables = (await readFile(`/proc/${(await serverPid(runDir))!}/environ`, 'utf8')).split('\0').filter(Boolean);
    expect(variables.map((variable) => variable.split('=')[0]).sort()).toEqual(['MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_', 'PATH']);
  });

  it('kills a process that does not let go of an aborted request', async (ctx) => {
    const runDir = await testFolder();
    const abort = new AbortController();
    let frozen: Promise<number> | undefined;
    const log = listening((line) => {
      if (!line.includes('processing') || abort.signal.aborted) return;
      frozen = serverPid(runDir).then((pid) => (process.kill(pid!, 'SIGSTOP'), abort.abort(new Error('shutting down')), pid!));
    });
    const server = await startableServer(ctx, { runDir, log, abortGraceMs: 50 });
    const noise = await readWindow(await generated('anoisesrc=d=30:a=0.5'), 0, 30_000);
    await expect(server.transcribe({ pcm: noise, language: 'en', thorough: true }, abort.signal)).rejects.toThrow(
      'shutting down',
    );
    expect(isRunning((await frozen)!)).toBe(false);
    await expectRightText(server);
  });

  it('forgets a request that is aborted just before it is sent, and keeps its process', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir });
    await server.transcribe(secondOfSilence, never);
    const pid = await serverPid(runDir);
    const abort = new AbortController();
    const request = server.transcribe(secondOfSilence, abort.signal);
    abort.abort(new Error('shutting down'));
    await expect(request).rejects.toThrow('shutting down');
    await expectRightText(server);
    expect(await serverPid(runDir)).toBe(pid);
  });

  it('takes a process that does not answer in time for hung, and asks another one at no cost to the job', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir, leastLimitMs: 3000, patience: 1 });
    await server.transcribe(secondOfSilence, never);
    const pid = (await serverPid(runDir))!;
    process.kill(pid, 'SIGSTOP');
    await expectRightText(server);
    expect(isRunning(pid)).toBe(false);
    expect(await server.state()).toMatchObject({ restarts: 1, lastRestart: { cause: 'hang' } });
  });

  it('drops the model after the idle time and loads it again for the next request', async (ctx) => {
    const runDir = await testFolder();
    const idle: { run: () => void; afterMs: number; cancelled: boolean }[] = [];
    const server = await startableServer(ctx, {
      runDir,
      idleAfterMs: 900_000,
      schedule: (run, afterMs) => {
        const entry = { run, afterMs, cancelled: false };
        idle.push(entry);
        return () => {
          entry.cancelled = true;
        };
      },
    });
    await server.transcribe(secondOfSilence, never);
    await server.transcribe(secondOfSilence, never);
    expect(idle.map(({ afterMs, cancelled }) => [afterMs, cancelled])).toEqual([
      [900_000, true],
      [900_000, false],
    ]);
    const pid = (await serverPid(runDir))!;
    idle.at(-1)!.run();
    await vi.waitUntil(() => !isRunning(pid));
    await expectRightText(server);
    expect(await serverPid(runDir)).not.toBe(pid);
  });

  it('loads another model when told to, and the old process is gone', async (ctx) => {
    requireEngine(ctx);
    const [runDir, modelsDir] = [await testFolder(), await testFolder()];
    for (const name of ['nano', 'other.v2-q8']) {
      await copyFile(join(testModels, 'ggml-nano.bin'), join(modelsDir, `ggml-${name}.bin`));
    }
    const server = await startableServer(ctx, { runDir, modelsDir });
    await expectRightText(server);
    const pid = (await serverPid(runDir))!;
    await server.useModel('other.v2-q8', never);
    expect(server.model).toBe('other.v2-q8');
    expect(isRunning(pid)).toBe(false);
    await expectRightText(server);
    expect((await processesWith(runDir)).length + (await processesWith(join(modelsDir, 'ggml-other.v2-q8'))).length).toBe(1);
  });

  it('says what is missing: the program, the model, or a model that can be loaded', async (ctx) => {
    const modelsDir = await testFolder();
    await writeFile(join(modelsDir, 'ggml-torn.bin'), (await readFile(requireEngine(ctx).serverPath)).subarray(0, 9000));
    const broken = [{ serverPath: '/nonexistent/whisper-server' }, { model: 'absent' }, { modelsDir, model: 'torn' }];
    for (const options of broken) {
      const server = await startableServer(ctx, options);
      await expect(server.transcribe(secondOfSilence, never)).rejects.toBeInstanceOf(SetupError);
    }
  });

  it('tries another port when the chosen one was taken meanwhile', async (ctx) => {
    const { serverPath } = requireEngine(ctx);
    const folder = await testFolder();
    const taken = join(folder, 'taken');
    // The server exits with 1 when it cannot bind; here the first two starts meet a port that is taken.
    const script = `#!/bin/sh\nif [ "$(ls ${taken} | wc -l)" -lt 2 ]; then : > ${taken}/$$; exit 1; fi\nexec "${serverPath}" "$@"\n`;
    await mkdir(taken);
    await writeFile(join(folder, 'server'), script);
    await chmod(join(folder, 'server'), 0o755);
    await expectRightText(await startableServer(ctx, { serverPath: join(folder, 'server') }));
    expect(await readdir(taken)).toHaveLength(2);
  });

  it('gives up on a process that never gets ready, and leaves nothing behind', async (ctx) => {
    const folder = await testFolder();
    const path = join(folder, 'never-ready');
    await writeFile(path, '#!/bin/sh\necho loading >&2\nexec sleep 1000\n');
    await chmod(path, 0o755);
    const runDir = await testFolder();
    const server = await startableServer(ctx, { serverPath: path, startTimeoutMs: 300, runDir });
    await expect(server.transcribe(secondOfSilence, never)).rejects.toThrow(/not ready after 300 ms: loading/);
    expect(await readdir(runDir)).toEqual([]);
  });

  it('shows nothing of its callers in the process list and listens on loopback only', async (ctx) => {
    const runDir = await testFolder();
    const server = await startableServer(ctx, { runDir });
    await server.transcribe(secondOfSilence, never);
    const args = (await readFile(`/proc/${await serverPid(runDir)}/cmdline`, 'utf8')).split('\0');
    expect(args[args.indexOf('--host') + 1]).toBe('127.0.0.1');
    expect(args[args.indexOf('--model') + 1]).toBe(join(testModels, 'ggml-nano.bin'));
  });
});

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { transcribeFiles, type TranscribeArguments, type TranscribeDependencies } from '../../src/cli/transcribe.js';
import { RetryableError, SetupError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import { punctuate } from '../../src/punctuation/punctuate.js';
import { EnergyDetector } from '../../src/speech/energy-detector.js';
import type { Engine } from '../../src/speech/engine.js';
import { silent, startableServer } from '../support/engine.js';
import { standInEngine } from '../support/stand-in-engine.js';
import { bundledClips, ffmpeg, testFolder } from '../support/workspace.js';
import { wordsOf } from '../speech/sounds.js';

const never = new AbortController().signal;

interface Run {
  status: number;
  stdout: string;
  stderr: string;
  /** What is left in the workspace. */
  left: string[];
}

async function transcribe(
  engine: Engine,
  args: Partial<TranscribeArguments>,
  given: Partial<TranscribeDependencies> & { terminal?: boolean } = {},
  signal = never,
): Promise<Run> {
  const workspace = join(await testFolder(), 'made');
  const [out, err]: string[][] = [[], []];
  const status = await transcribeFiles(
    { files: [], format: 'text', language: 'auto', ...args },
    {
      engine,
      detector: new EnergyDetector(),
      punctuate,
      limits: { maxDurationMs: 600_000, timeoutMs: 60_000 },
      maxWindowMs: 15_000,
      workspace,
      stdout: { write: (text) => out!.push(text) },
      stderr: { write: (text) => err!.push(text), isTTY: given.terminal === true },
      texts: textsFor('en').transcribe,
      log: silent,
      ...given,
    },
    signal,
  );
  return { status, stdout: out!.join(''), stderr: err!.join(''), left: await readdir(workspace).catch(() => []) };
}

/** An engine that must not be asked, unless a test says what it does. */
function unused(transcribeInstead?: Engine['transcribe']): Engine {
  const fail = () => Promise.reject(new Error('the engine was asked'));
  return { ...standInEngine, name: 'unused', transcribe: transcribeInstead ?? fail, useModel: fail };
}

async function server(ctx: TestContext): Promise<Engine> {
  return startableServer(ctx);
}

describe('transcribeFiles', () => {
  it('gives words with their times, as lines, subtitles and JSON, and marks those that the model was not sure of', async () => {
    const [clip] = await bundledClips();
    const words = ['привет', 'гамаюн'].map((text, n) => ({ text, startMs: 200 + n * 500, endMs: 600 + n * 500, probability: 0.9 - 0.7 * n }));
    const segments = [{ startMs: 200, endMs: 1100, text: 'привет гамаюн', words }];
    const asked: unknown[] = [];
    const engine = unused(({ language, prompt }) => {
      asked.push([language, prompt]);
      return Promise.resolve({ segments, language });
    });
    const files = [clip!.path];
    const args = { files, language: 'ru', vocabulary: ['Гамаюн'], words: true };
    const lines = (await transcribe(engine, args)).stdout;
    expect(lines).toMatch(/^\[00:00:00\.\d{3} --> 00:00:0\d\.\d{3}\] {2}Привет\n\[[^\]]*\] {2}гамаюн\.\n/);
    expect((await transcribe(engine, { ...args, format: 'srt' })).stdout).toMatch(/^1\n[^\n]*\nПривет\n\n2\n[^\n]*\nгамаюн\.\n/);
    expect((await transcribe(engine, { ...args, format: 'vtt' })).stdout).toMatch(/\nПривет <00:00:00\.\d{3}>гамаюн\.\n/);
    const [json] = (await transcribe(engine, { ...args, format: 'json' })).stdout.split('\n');
    const parsed = JSON.parse(json!) as { segments: { words: { text: string; probability: number; startMs: number }[] }[] };
    expect(parsed.segments[0]!.words).toEqual([
      { text: 'Привет', startMs: expect.any(Number) as number, endMs: expect.any(Number) as number, probability: 0.9 },
      { text: 'гамаюн.', startMs: expect.any(Number) as number, endMs: expect.any(Number) as number, probability: expect.closeTo(0.2) as number },
    ]);
    expect((await transcribe(engine, { files, language: 'ru' }, { markUnsure: 0.3 })).stdout).toContain('Привет [гамаюн?].');
    expect(asked[0]).toEqual(['ru', 'Гамаюн.']);
    expect(asked.at(-1)).toEqual(['ru', undefined]);
  });

  it('writes the text of every file to stdout and nothing else, and leaves no file behind', async (ctx) => {
    const clips = (await bundledClips()).slice(0, 4);
    const { status, stdout, left } = await transcribe(await server(ctx), { files: clips.map(({ path }) => path) });
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').map(wordsOf)).toEqual(clips.map(({ text }) => wordsOf(text)));
    expect(left).toEqual([]);
  });

  it('does the other files when one is bad, says what is wrong with it, and ends with status 1', async (ctx) => {
    const folder = await testFolder();
    const [good] = await bundledClips();
    await writeFile(join(folder, 'text.ogg'), 'not a sound\n'.repeat(30));
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', join(folder, 'mute.mp4'));
    await ffmpeg('-f', 'lavfi', '-i', 'anullsrc=d=3', join(folder, 'silence.ogg'));
    const names = ['text.ogg', 'mute.mp4', 'absent.ogg', 'silence.ogg'].map((name) => join(folder, name));
    const { status, stdout, stderr } = await transcribe(await server(ctx), { files: [...names, good!.path] });
    expect(status).toBe(1);
    expect(wordsOf(stdout)).toEqual(wordsOf(good!.text));
    expect(stderr).toContain(`${names[0]}: this is no audio or video file that can be read`);
    expect(stderr).toContain(`${names[1]}: there is no sound in the file`);
    expect(stderr).toContain(`${names[2]}: this is no audio or video file that can be read (the file cannot be opened`);
    expect(stderr).toContain(`${names[3]}: no speech\n`);
  });

  it('gives one JSON document a file with --json', async (ctx) => {
    const clips = (await bundledClips()).slice(0, 2);
    const { stdout } = await transcribe(await server(ctx), { files: clips.map(({ path }) => path), format: 'json' });
    const documents = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const [index, clip] of clips.entries()) {
      expect(documents[index]).toMatchObject({ file: clip.path, language: clip.language, model: 'nano', engine: 'whisper.cpp' });
      expect(wordsOf(documents[index]!['text'] as string)).toEqual(wordsOf(clip.text));
      expect(documents[index]!['segments']).toHaveLength(clip.segments.length);
    }
  });

  it('gives subtitles for one file, and says so when there are more', async (ctx) => {
    const engine = await server(ctx);
    const [clip] = await bundledClips();
    const srt = await transcribe(engine, { files: [clip!.path], format: 'srt' });
    expect(srt.stdout).toMatch(/^1\r?\n00:00:00,\d{3} --> 00:00:00,\d{3}\r?\n/);
    const vtt = await transcribe(engine, { files: [clip!.path], format: 'vtt' });
    expect(vtt.stdout).toMatch(/^WEBVTT\r?\n/);
    const both = await transcribe(unused(), { files: [clip!.path, clip!.path], format: 'srt' });
    expect(both).toMatchObject({ status: 1, stdout: '', stderr: 'Subtitles are made for one file at a time.\n' });
  });

  it('shows its progress in place on a terminal and takes it away again', async (ctx) => {
    const [clip] = await bundledClips();
    const { stderr, stdout } = await transcribe(await server(ctx), { files: [clip!.path] }, { terminal: true });
    expect(stderr).toContain(`\r\u001b[K[1/1] ${clip!.path} 0 %`);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect(stderr).not.toContain('\n');
    expect(stdout).not.toContain('\u001b');
  });

  it('prints a plain line a file where stderr is no terminal, and none for a single file', async (ctx) => {
    const engine = await server(ctx);
    const [a, b] = await bundledClips();
    expect((await transcribe(engine, { files: [a!.path, b!.path] })).stderr).toBe(`[1/2] ${a!.path}\n[2/2] ${b!.path}\n`);
    expect((await transcribe(engine, { files: [a!.path] })).stderr).toBe('');
  });

  it('says what is wrong with the call before it does anything', async () => {
    expect(await transcribe(unused(), {})).toMatchObject({ status: 1, stderr: expect.stringContaining('Which files?') as string });
    const unknown = await transcribe(unused(), { files: ['x.ogg'], language: 'klingon' });
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('"klingon"') as string });
  });

  it('tries a file once more after the engine died, and reports it when that does not help', async () => {
    const [clip] = await bundledClips();
    let asked = 0;
    const flaky = unused(() => {
      asked += 1;
      if (asked === 1) return Promise.reject(new RetryableError('the engine was ended by SIGKILL'));
      return Promise.resolve({
        language: 'en',
        segments: [{ startMs: 0, endMs: 900, text: 'hello', words: [{ text: 'hello', startMs: 0, endMs: 900, probability: 1 }] }],
      });
    });
    expect(wordsOf((await transcribe(flaky, { files: [clip!.path] })).stdout)).toEqual(['hello']);
    const dead = unused(() => Promise.reject(new RetryableError('the engine was ended by SIGILL')));
    const { status, stderr } = await transcribe(dead, { files: [clip!.path] });
    expect(status).toBe(1);
    expect(stderr).toBe(`${clip!.path}: speech recognition failed (the engine was ended by SIGILL)\n`);
  });

  it('stops at once where no file can work, and when it is aborted', async () => {
    const [clip] = await bundledClips();
    const files = [clip!.path, clip!.path];
    const absent = unused(() => Promise.reject(new SetupError('the model is not here', 'pull it')));
    await expect(transcribe(absent, { files })).rejects.toBeInstanceOf(SetupError);
    const abort = new AbortController();
    const aborting = unused(() => {
      abort.abort(new Error('SIGINT'));
      return Promise.reject(new Error('SIGINT'));
    });
    await expect(transcribe(aborting, { files }, {}, abort.signal)).rejects.toThrow('SIGINT');
  });
});

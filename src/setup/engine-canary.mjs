import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bundledSpeechDir } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { usableCores } from './usable-cores.mjs';

const CLIP = '02-en.ogg';

/**
 * Runs an engine on a clip whose text is known, with the bundled model and with 8-bit and 5-bit copies of it (they take
 * other instructions: AMX tiles are met by 8 bits only). Says why the engine must not be used on this machine, undefined
 * when it works. A CPU's flags are not enough: some hypervisors announce instructions that they trap. Rejects with
 * `SetupFailure` where the machine is to blame (no ffmpeg, a full disk, no memory): that says nothing of the engine, whose
 * record would keep it from ever being used.
 *
 * @param {import('./engine-paths.mjs').EnginePaths} engine
 * @param {{ model: string, logPath: string, texts: import('./texts.mjs').SetupTexts, signal: AbortSignal }} options `model` is the unpacked bundled one
 * @returns {Promise<string | undefined>}
 */
export async function runCanary(engine, { model, logPath, texts, signal }) {
  /** @param {string} what @param {import('./run-command.mjs').RunResult} result */
  const notTried = (what, result) => new SetupFailure(texts.engineNotTried(failure(what, result)), { remedy: texts.remedyEngine, logPath });
  const work = await mkdtemp(path.join(os.tmpdir(), 'gramscribe-canary-'));
  /** @param {string} program @param {string[]} args */
  const run = (program, args) => runCommand(program, args, { logPath, signal, timeoutMs: 120_000 });
  try {
    const wav = path.join(work, 'clip.wav');
    const clip = path.join(bundledSpeechDir, 'clips', CLIP);
    const decoded = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', clip, '-ar', '16000', '-ac', '1', wav]);
    if (decoded.code !== 0) throw notTried('ffmpeg', decoded);
    const words = await expectedWords();
    for (const precision of ['f16', 'q8_0', 'q5_1']) {
      const file = precision === 'f16' ? model : path.join(work, `${precision}.bin`);
      if (file !== model) {
        const quantized = await run(engine.quantizePath, [model, file, precision]);
        // It ends with a status where it cannot read or write.
        if (isKilled(quantized) || (quantized.code ?? 0) > 0) throw notTried(`whisper-quantize ${precision}`, quantized);
        if (quantized.code !== 0) return failure(`whisper-quantize ${precision}`, quantized);
      }
      const args = ['-m', file, '-f', wav, '-l', 'en', '-nt', '-np', '-t', String(usableCores())];
      const heard = await run(engine.cliPath, args);
      if (isKilled(heard)) throw notTried(`whisper-cli ${precision}`, heard);
      if (heard.code !== 0) return failure(`whisper-cli ${precision}`, heard);
      if (!saysMostOf(words, heard.stdout)) return `whisper-cli ${precision}: wrong text: ${heard.stdout.trim()}`;
    }
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @returns {Promise<string[]>} */
async function expectedWords() {
  const clips = /** @type {{ file: string, text: string }[]} */ (
    JSON.parse(await readFile(path.join(bundledSpeechDir, 'clips', 'clips.json'), 'utf8'))
  );
  const clip = clips.find(({ file }) => file === CLIP);
  if (clip === undefined) throw new Error(`clips.json does not know ${CLIP}`);
  return clip.text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

/** @param {string[]} words @param {string} text */
function saysMostOf(words, text) {
  const heard = new Set(text.toLowerCase().match(/\p{L}+/gu) ?? []);
  return words.filter((word) => heard.has(word)).length * 2 > words.length;
}

/** By the kernel, for want of memory, or by us, because it took too long. @param {import('./run-command.mjs').RunResult} result */
function isKilled({ killedBy }) {
  return killedBy === 'SIGKILL';
}

/** @param {string} what @param {import('./run-command.mjs').RunResult} result */
function failure(what, { code, killedBy, missing }) {
  if (missing) return `${what}: not found`;
  return killedBy === null ? `${what}: exit status ${code}` : `${what}: killed by ${killedBy}`;
}

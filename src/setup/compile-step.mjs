import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withCheckoutLock } from './checkout-lock.mjs';
import { logsDir, projectRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

const STAMP = path.join(projectRoot, 'dist', '.compiled-from');

/**
 * TypeScript to `dist`. The stamp with the hash of all sources is taken away before the compiler starts and written when
 * it ends well, so `dist` with a stamp is whole; the compiler's own records make the next run short.
 *
 * @type {import('./setup-step.mjs').SetupStep}
 */
export const compileStep = {
  label: (texts) => texts.stepCompile,
  missing: async () => ((await readStamp()) === (await hashSources()) ? undefined : 'dist'),
  make: async (context) => {
    const { environment, texts, progress, signal } = context;
    return withCheckoutLock(context, async () => {
      const sources = await hashSources();
      if ((await readStamp()) !== sources) {
        progress.say(texts.compiling);
        await rm(STAMP, { force: true });
        const logPath = path.join(logsDir(environment.cache), 'compile.log');
        const compiler = path.join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
        const args = [compiler, '-p', 'tsconfig.build.json', '--pretty', 'false'];
        const { code, stdout } = await runCommand(process.execPath, args, { cwd: projectRoot, logPath, diesWithUs: true, signal });
        if (code !== 0) throw new SetupFailure(texts.compileFailed, { remedy: firstLines(stdout), logPath });
        await writeFile(STAMP, sources);
      }
      return { done: texts.compiled };
    });
  },
};

/** @returns {Promise<string | undefined>} */
async function readStamp() {
  return existsSync(STAMP) ? readFile(STAMP, 'utf8') : undefined;
}

/** @returns {Promise<string>} */
async function hashSources() {
  const found = await readdir(path.join(projectRoot, 'src'), { recursive: true });
  const sources = found.filter((file) => /\.(ts|mjs|js|json)$/.test(file)).map((file) => path.join('src', file));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), ...settings]) {
    hash.update(`${file}\0`).update(await readFile(path.join(projectRoot, file))).update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} text */
function firstLines(text) {
  return text.split('\n').slice(0, 3).join('\n').trim();
}

// Replaces a build of the engine that turned out not to run on this machine, while the daemon goes on: the daemon runs this
// as a child and asks `findEngine` afterwards. What it does is said on standard output, a line each.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rename, writeFile } from 'node:fs/promises';
import { unpackBundledModel } from './bundled-model.mjs';
import { runCanary } from './engine-canary.mjs';
import { enginePaths, readBuild } from './engine-paths.mjs';
import { engineStep } from './engine-step.mjs';
import { readEnvironment } from './environment.mjs';
import { missingBuildTools } from './packages-step.mjs';
import { logsDir } from './paths.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { setupTexts } from './texts.mjs';

const OPTIONS = /** @type {const} */ ({
  cache: { type: 'string' },
  bad: { type: 'string' }, // the folder of the build
  reason: { type: 'string' },
  suspected: { type: 'boolean', default: false }, // try it on known clips first; a build that passes stays
});
/** Compiling is no hurry compared with what the machine does otherwise. */
const NICENESS = 10;

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

async function main() {
  os.setPriority(NICENESS);
  const { values } = parseArgs({ options: OPTIONS });
  const { cache, bad, reason } = values;
  if (cache === undefined || bad === undefined || reason === undefined) throw new Error('--cache, --bad and --reason are needed');
  const stop = new AbortController();
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(name, () => stop.abort(new Error(name)));
  const { signal } = stop;
  const because = values.suspected ? await tried({ cache, bad, signal }) : reason;
  if (because === undefined) {
    say('the build passes its trial');
    return;
  }
  await markFailed(bad, because);
  // The language of the log.
  const texts = setupTexts('en');
  const environment = { ...readEnvironment(), cache, engineDir: undefined };
  const progress = { say, note: say, percent: () => undefined };
  const options = { forTests: false, bundledModel: true, inImage: false };
  const outcome = await engineStep.make({ environment, options, texts, progress, signal });
  say('done' in outcome ? outcome.done : outcome.warning);
}

/**
 * Why the build must not be used, by the same trial that it passed when it was built; undefined where it passes again.
 *
 * @param {{ cache: string, bad: string, signal: AbortSignal }} options
 */
async function tried({ cache, bad, signal }) {
  const build = readBuild(bad);
  if (build === undefined) return 'it is not there any more';
  const model = await unpackBundledModel(cache, signal);
  const options = { model, logPath: path.join(logsDir(cache), 'engine.log'), texts: setupTexts('en'), signal };
  return runCanary(enginePaths(path.join(bad, 'bin'), build), options);
}

/**
 * From now on the build is neither chosen nor made again on this machine.
 *
 * @param {string} folder
 * @param {string} reason
 */
async function markFailed(folder, reason) {
  const build = readBuild(folder);
  if (build === undefined) return;
  const fresh = path.join(folder, `build.json.${process.pid}.new`);
  await writeFile(fresh, `${JSON.stringify({ ...build, canary: 'failed', reason }, null, 2)}\n`);
  await rename(fresh, path.join(folder, 'build.json'));
}

main().catch((error) => {
  const tools = error instanceof SetupFailure ? missingBuildTools() : undefined;
  const log = error instanceof SetupFailure && error.logPath !== undefined ? ` (${error.logPath})` : '';
  say(tools === undefined ? `${error instanceof Error ? error.message : String(error)}${log}` : setupTexts('en').packagesNeeded(tools));
  process.exitCode = 1;
});

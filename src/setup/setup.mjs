// Everything that a fresh machine needs to run the program, made by `npm start` and its like before anything else runs:
// plain Node without a dependency. Its steps are in the order of the list below, one file each.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compileStep } from './compile-step.mjs';
import { dependenciesStep } from './dependencies-step.mjs';
import { engineStep } from './engine-step.mjs';
import { readEnvironment } from './environment.mjs';
import { modelStep } from './model-step.mjs';
import { browserStep, packagesStep } from './packages-step.mjs';
import { projectRoot } from './paths.mjs';
import { runSteps } from './run-steps.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { createTerminal } from './terminal.mjs';
import { setupTexts } from './texts.mjs';

const PROGRAM_STEPS = [dependenciesStep, compileStep];
const ALL_STEPS = [packagesStep, dependenciesStep, compileStep, engineStep, modelStep, browserStep];

const OPTIONS = /** @type {const} */ ({
  'for-tests': { type: 'boolean', default: false }, // the bundled model, and a browser where one can be had
  'bundled-model': { type: 'boolean', default: false }, // no model but the bundled one
  'program-only': { type: 'boolean', default: false }, // npm packages and the compiled program: enough for the doctor
  'models-only': { type: 'boolean', default: false }, // the models: all that the image lacks
  'check-only': { type: 'boolean', default: false }, // say what is missing, make nothing
  quiet: { type: 'boolean', default: false }, // no word where nothing had to be done
});

/** @param {ReturnType<typeof createTerminal>} terminal @param {import('./texts.mjs').SetupTexts} texts */
function needNode(terminal, texts) {
  const { engines } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
  const wanted = String(engines.node).replace(/^[^\d]*/, '');
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  const [foundMajor = 0, foundMinor = 0] = process.versions.node.split('.').map(Number);
  if (foundMajor > major || (foundMajor === major && foundMinor >= minor)) return true;
  terminal.failed('Node.js', texts.nodeTooOld(process.versions.node, wanted), { remedy: texts.remedyNode });
  return false;
}

async function main() {
  const environment = readEnvironment();
  const texts = setupTexts(environment.language);
  const { values } = parseArgs({ options: OPTIONS });
  const steps = values['models-only'] ? [modelStep] : values['program-only'] ? PROGRAM_STEPS : ALL_STEPS;
  const terminal = createTerminal({
    stream: process.stderr,
    texts,
    labelWidth: Math.max(...steps.map((step) => step.label(texts).length)),
    isColored: process.stderr.isTTY && process.env.NO_COLOR === undefined,
  });
  if (!needNode(terminal, texts)) return 1;
  const stop = new AbortController();
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(name, () => stop.abort(new Error(name)));
  try {
    const options = { forTests: values['for-tests'], bundledModel: values['bundled-model'], inImage: values['models-only'] };
    const context = { environment, options, texts, signal: stop.signal };
    const mode = { isQuiet: values.quiet, isCheckOnly: values['check-only'] };
    return (await runSteps(steps, { context, terminal, ...mode })) ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.line(texts.interrupted);
    return 130;
  }
}

main().then(
  (status) => (process.exitCode = status),
  (error) => {
    console.error(error instanceof SetupFailure ? error.message : error);
    process.exitCode = 1;
  },
);

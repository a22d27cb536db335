import { SetupFailure } from './setup-failure.mjs';

/**
 * @typedef {object} Run
 * @property {Omit<import('./setup-step.mjs').StepContext, 'progress'>} context
 * @property {ReturnType<typeof import('./terminal.mjs').createTerminal>} terminal
 * @property {boolean} isQuiet say nothing where nothing had to be done
 * @property {boolean} isCheckOnly say what is missing and make nothing
 */

/**
 * Goes through the steps in order, makes what is missing, and says so, a line a step. False where one failed (the rest
 * builds on it and is not tried) or, in a check, where something is missing.
 *
 * @param {readonly import('./setup-step.mjs').SetupStep[]} steps
 * @param {Run} run
 * @returns {Promise<boolean>}
 */
export async function runSteps(steps, run) {
  const startedMs = performance.now();
  const { terminal, isQuiet, context } = run;
  let didWork = false;
  for (const step of steps) {
    const outcome = await runStep(step, run);
    if (outcome === 'failed') return false;
    if (outcome === 'made') didWork = true;
    if (run.isCheckOnly && outcome === 'missing') didWork = true;
  }
  if (run.isCheckOnly && didWork) return false;
  if (!isQuiet) {
    const { texts } = context;
    const label = didWork ? texts.ready : texts.allHere;
    terminal.done(label, '', performance.now() - startedMs);
  }
  return true;
}

/**
 * @param {import('./setup-step.mjs').SetupStep} step
 * @param {Run} run
 * @returns {Promise<'here' | 'made' | 'missing' | 'failed'>}
 */
async function runStep(step, { context, terminal, isCheckOnly }) {
  const startedMs = performance.now();
  const label = step.label(context.texts);
  const stepContext = { ...context, progress: terminal.progress(label) };
  const missing = await step.missing(stepContext);
  if (missing === undefined) return 'here';
  if (isCheckOnly) {
    terminal.failed(label, `${context.texts.missing}: ${missing}`);
    return 'missing';
  }
  try {
    const outcome = await step.make(stepContext);
    if ('done' in outcome) terminal.done(label, outcome.done, performance.now() - startedMs);
    else terminal.warning(label, outcome.warning, outcome.remedy);
    return 'made';
  } catch (error) {
    if (context.signal.aborted || !(error instanceof SetupFailure)) throw error;
    terminal.failed(label, error.message, error);
    return 'failed';
  }
}

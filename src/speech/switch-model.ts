import { errorText, ModelRefusedError, SetupError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { catalogueModel, SPEECH_MODELS } from '../setup/model-catalogue.mjs';
import type { Engine } from './engine.js';
import type { ModelAnswer, ModelFailure } from './model-answer.js';
import { nearestModel } from './nearest-model.js';

export interface SwitchModelDependencies {
  /** Tries the new model before it lets the old one go; on an error the old one is still in use. */
  engine: Pick<Engine, 'model' | 'useModel'>;
  /** Names of the models that are on this machine. */
  present: () => Promise<string[]>;
  /** The owner's choice, which outlives this process. */
  settings: { model(): Promise<string | undefined>; chooseModel(name: string): Promise<void> };
  log: Logger;
}

/**
 * Puts another model into use, and writes it down as the owner's choice once it works. Running and waiting voices are done
 * by the old one or by the new one. Rejects with the signal's reason, or where the choice cannot be written down.
 */
export async function switchModel(name: string, deps: SwitchModelDependencies, signal: AbortSignal): Promise<ModelAnswer> {
  const { engine, present, settings, log } = deps;
  const here = await present();
  if (!here.includes(name)) return notHere(name, here);
  const kept = engine.model;
  try {
    await engine.useModel(name, signal);
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: error }, `the model ${name} cannot be used, ${kept} stays: ${errorText(error)}`);
    return { outcome: 'failed', model: name, kept, reason: reasonOf(error, here.includes(kept)) };
  }
  await settings.chooseModel(name);
  return { outcome: name === kept ? 'in-use' : 'switched', model: name };
}

/**
 * Puts the owner's choice into use where another model is: it was written down by somebody who could not reach this process.
 * A choice that cannot be used is taken back. An engine whose models are elsewhere has nothing to follow.
 */
export async function followChoice(deps: SwitchModelDependencies, signal: AbortSignal): Promise<void> {
  const chosen = await deps.settings.model();
  if (chosen === undefined || chosen === deps.engine.model) return;
  if (!(await deps.present()).includes(deps.engine.model)) return;
  const { outcome } = await switchModel(chosen, deps, signal);
  if (outcome !== 'switched') await deps.settings.chooseModel(deps.engine.model);
}

/** What there is to say of a model that is not on this machine. */
export function notHere(name: string, here: readonly string[]): Extract<ModelAnswer, { outcome: 'unknown' | 'absent' }> {
  if (catalogueModel(name) !== undefined) return { outcome: 'absent', model: name };
  const nearest = nearestModel(name, [...new Set([...here, ...SPEECH_MODELS.map((model) => model.name)])]);
  return { outcome: 'unknown', model: name, ...(nearest === undefined ? {} : { nearest }) };
}

function reasonOf(error: unknown, isLocal: boolean): ModelFailure {
  if (error instanceof ModelRefusedError) return error.reason;
  if (!isLocal) return 'engine';
  return error instanceof SetupError ? 'damaged' : 'other';
}

import { BUNDLED_MODEL } from '../setup/model-catalogue.mjs';

/** The bundled model is exact only in windows of up to 15 s of speech (src/speech/bundled/README.md). */
const BUNDLED_MODEL_WINDOW_MS = 15_000;

/** The longest window that this model hears well, within what the owner set. */
export function windowLimitMs(model: string, configuredMs: number): number {
  return model === BUNDLED_MODEL.name ? Math.min(configuredMs, BUNDLED_MODEL_WINDOW_MS) : configuredMs;
}

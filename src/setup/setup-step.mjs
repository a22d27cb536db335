/**
 * Where a step tells how far it is; `terminal.mjs` shows it.
 *
 * @typedef {object} Progress
 * @property {(text: string) => void} say what is being done now
 * @property {(text: string, percent: number, more?: string) => void} percent the same, with how much of it is done (0-100)
 * @property {(text: string) => void} note a line that stays
 */

/**
 * @typedef {object} SetupOptions
 * @property {boolean} forTests the bundled model, and a browser where one can be had
 * @property {boolean} bundledModel no model but the bundled one
 * @property {boolean} inImage the image's own start: commands to type are those of the image
 */

/**
 * What every step of the set-up gets.
 *
 * @typedef {object} StepContext
 * @property {import('./environment.mjs').SetupEnvironment} environment
 * @property {SetupOptions} options
 * @property {import('./texts.mjs').SetupTexts} texts
 * @property {Progress} progress
 * @property {AbortSignal} signal
 */

/**
 * One thing that a fresh machine needs. `missing` looks only, in a few milliseconds, and says what is not there; `make`
 * makes it and says what it made. A `warning` is for what the program can start without. `make` rejects with
 * `SetupFailure` where the set-up cannot go on, and may be killed at any time: what it leaves is never taken for whole.
 *
 * @typedef {object} SetupStep
 * @property {(texts: import('./texts.mjs').SetupTexts) => string} label
 * @property {(context: StepContext) => Promise<string | undefined>} missing
 * @property {(context: StepContext) => Promise<StepOutcome>} make
 */

/** @typedef {{ done: string } | { warning: string, remedy?: string }} StepOutcome */

export {};

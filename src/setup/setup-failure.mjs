/**
 * A step that could not be done. `message` says why in a line, `remedy` what the person can do about it, both in the
 * person's language; `logPath` names the full output where there is one.
 */
export class SetupFailure extends Error {
  /**
   * @param {string} message
   * @param {{ remedy?: string | undefined, logPath?: string | undefined, cause?: unknown }} [details]
   */
  constructor(message, { remedy, logPath, cause } = {}) {
    super(message, { cause });
    this.name = 'SetupFailure';
    this.remedy = remedy;
    this.logPath = logPath;
  }
}

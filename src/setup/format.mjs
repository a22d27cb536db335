/**
 * Durations and sizes as a person reads them, in the language of `texts`.
 *
 * @param {number} ms
 * @param {Pick<import('./texts.mjs').SetupTexts, 'seconds' | 'minutes'>} texts
 * @returns {string} `0.2 s`, `14 s`, `1 min 52 s`
 */
export function formatDuration(ms, texts) {
  const seconds = ms / 1000;
  if (seconds < 9.95) return texts.seconds(seconds.toFixed(1));
  const whole = Math.round(seconds);
  return whole < 60 ? texts.seconds(String(whole)) : texts.minutes(Math.floor(whole / 60), whole % 60);
}

/**
 * @param {number} bytes
 * @param {Pick<import('./texts.mjs').SetupTexts, 'byteUnits' | 'decimal'>} texts
 * @returns {string} `142 MiB`, `1.5 GiB`
 */
export function formatBytes(bytes, texts) {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < texts.byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 10 ? String(Math.round(value)) : texts.decimal(value.toFixed(1));
  return `${digits} ${texts.byteUnits[unit]}`;
}

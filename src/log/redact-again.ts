/** What secrets look like, wherever they stand. */
const SHAPES: readonly [RegExp, string][] = [
  [/\b([a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi, '$1[redacted]@'],
  [/([?&](?:secret|token|key|hash|pass(?:word)?)=)[^\s&"']+/gi, '$1[redacted]'],
  [/(?<![\w+/=-])[A-Za-z\d+/_-]{64,}={0,2}(?![\w+/=-])/g, '[redacted]'],
  [/(?<![\w])[a-f\d]{32,}(?![\w])/gi, '[redacted]'],
  [/(?<!\w)\+\d[\d ()-]{8,17}\d(?!\d)/g, '[redacted]'],
  [/\b\d{6,12}:[A-Za-z\d_-]{30,}\b/g, '[redacted]'],
];

/**
 * The text without what looks like a session, a key, a phone number, a bot's token or a password in a link. Lines of the
 * log were redacted by their fields when they were written; this is for what leaves the machine, where a library may have put
 * a secret into the words themselves.
 */
export function redactAgain(text: string): string {
  return SHAPES.reduce((redacted, [shape, instead]) => redacted.replace(shape, instead), text);
}

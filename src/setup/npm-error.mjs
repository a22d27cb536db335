/**
 * The words of npm's error that say what is wrong, without its manual and its log's path.
 *
 * @param {string} stderr
 * @returns {string | undefined}
 */
export function npmError(stderr) {
  const lines = [...stderr.matchAll(/^npm error (?!code |A complete log)(\S.*)$/gm)].map(([, line]) => line);
  return lines.length === 0 ? undefined : lines.slice(0, 3).join('\n');
}

import type { LogLevel, LogLine } from '../../../log/log-line.js';
import { redactAgain } from '../../../log/redact-again.js';
import type { Answer } from '../../contract/index.js';
import { oneLine } from '../../one-line.js';
import type { en } from './texts/en.js';

const MAX_WORDS_LENGTH = 4000;

/** The lines as a file that people can read, redacted once more since they leave the machine's log. */
export function logsAnswer(lines: readonly LogLine[], level: LogLevel, atMs: number, texts: (typeof en)['logs']): Answer {
  if (lines.length === 0) return texts.none(level);
  const name = `gramscribe-${new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-')}.log`;
  const bytes = Buffer.from(redactAgain(lines.map(written).join('')));
  return { text: texts.caption(lines.length, level), file: { name, mimeType: 'text/plain', bytes } };
}

/** One line, whatever a library put into its error: nothing in it can pass for a line of its own. */
function written({ atMs, level, text, error, fields }: LogLine): string {
  const more = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
  const words = oneLine(`${text}${error === undefined ? '' : `: ${error}`}`, MAX_WORDS_LENGTH);
  return `${new Date(atMs).toISOString()} ${level.toUpperCase().padEnd(5)} ${words}${more}\n`;
}

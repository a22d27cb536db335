import type { LogLine } from '../../../log/log-line.js';
import { redactAgain } from '../../../log/redact-again.js';
import type { RichAnswer } from '../../contract/index.js';
import { richText } from '../../commands/rich-text.js';
import { oneLine } from '../../one-line.js';
import type { DebugSection } from './status-ports.js';
import type { en } from './texts/en.js';

const MAX_ERRORS = 5;
const MAX_ERROR_LENGTH = 240;

/** Everything about the program as one block that a touch copies. What it says is English, as the log is. */
export function debugAnswer(sections: readonly DebugSection[], lines: readonly LogLine[], texts: (typeof en)['debug']): RichAnswer {
  const errors = lines.slice(-MAX_ERRORS).map(errorLine);
  const blocks = [
    ...sections.map(([title, facts]) => [title, ...factLines(facts)].join('\n')),
    ['last errors', ...(errors.length === 0 ? [`  ${texts.noErrors}`] : errors)].join('\n'),
  ];
  return richText(`${texts.title}\n`, ['pre', redactAgain(blocks.join('\n\n'))]);
}

function factLines(facts: DebugSection[1]): string[] {
  const known = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[inWords(name), value] as const]));
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `  ${name.padEnd(width)}  ${String(value)}`);
}

/** `sentLastMinute` → `sent last minute` */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `12:05:09 a job failed: … [cause]` */
function errorLine({ atMs, level, text, error }: LogLine): string {
  return `  ${new Date(atMs).toISOString().slice(11, 19)} ${oneLine(`${level} ${text}${error === undefined ? '' : `: ${error}`}`, MAX_ERROR_LENGTH)}`;
}

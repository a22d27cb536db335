import type { ModuleLanguage } from '../../contract/localized.js';
import { redactAgain } from '../../../log/redact-again.js';
import { oneLine } from '../../one-line.js';
import type { ReportBook } from './report-book.js';
import type { ReportsTexts } from './texts.js';

const MAX_LINE_LENGTH = 300;
const MAX_LENGTH = 3800;

/** What is sent: the worst first, redacted once more, within one message. */
export function reportText({ lines, beyond }: ReturnType<ReportBook['pages']>, texts: ReportsTexts, language: ModuleLanguage): string {
  const worstFirst = [...lines].sort((one, other) => Number(other.line.level !== 'warn') - Number(one.line.level !== 'warn'));
  let text = texts.title;
  let left = beyond;
  for (const { line, count } of worstFirst) {
    const said = redactAgain([line.text, line.error].filter((part) => part !== undefined && part !== '').join(': '));
    const time = new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { hour: '2-digit', minute: '2-digit' }).format(line.atMs);
    const times = count === 1 ? time : texts.times(count, time);
    const next = `\n${line.level === 'warn' ? '⚠️' : '❌'} ${oneLine(said, MAX_LINE_LENGTH)} · ${times}`;
    if (text.length + next.length > MAX_LENGTH) left += 1;
    else text += next;
  }
  return left === 0 ? text : `${text}\n${texts.more(left)}`;
}

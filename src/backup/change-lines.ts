import type { Texts } from '../i18n/texts.js';
import type { SectionChange } from './account-state.js';

const MAX_NAMES = 5;
const MAX_LINES = 30;

/** What restoring would change, a line for each section: `tracked people: + Ann, Bob − Carl`. */
export function changeLines(changes: readonly SectionChange[], texts: Texts['restore']): string[] {
  const lines = changes.map(({ section, added, changed, removed }) => {
    const [name = '', module] = section.split('/');
    const label = texts.sections[name] ?? name;
    const parts = [part('+', added, texts), part('~', changed, texts), part('−', removed, texts)].filter((one) => one !== '');
    return `${module === undefined ? label : `${module}, ${label}`}: ${parts.join(' ')}`;
  });
  const left = lines.length - MAX_LINES;
  return left > 0 ? [...lines.slice(0, MAX_LINES), `…${texts.more(left)}`] : lines;
}

function part(sign: string, names: readonly string[], texts: Texts['restore']): string {
  if (names.length === 0) return '';
  const left = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).filter((name) => name !== '').join(', ');
  return `${sign} ${shown === '' ? names.length : shown}${left > 0 ? texts.more(left) : ''}`;
}

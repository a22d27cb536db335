/** What looks like a flag. */
export interface TypedFlag {
  /** Lower case, without dashes. */
  name: string;
  isShort: boolean;
  /** As it is shown: `--for`. */
  typed: string;
  /** `=` and a value follow at once. */
  hasValue: boolean;
  start: number;
  /** Behind the name. */
  end: number;
}

/** Phones make one long dash of two. Latin letters only: a dash before a Russian word is the dash of a dialogue. */
const LONG = /\s*(--|[—–])([a-z][a-z0-9-]*)(=|(?=\s)|$)/iy;
const SHORT = /\s*([-−‑])([a-z])(=|(?=\s)|$)/iy;
const END = /\s*--(?=\s|$)/y;

/** The flag that stands at `at`, white space passed over. */
export function flagAt(line: string, at: number): TypedFlag | undefined {
  return matched(LONG, false, line, at) ?? matched(SHORT, true, line, at);
}

/** Whether `--` stands at `at`: what follows are no flags. */
export function isEndOfFlags(line: string, at: number): boolean {
  END.lastIndex = at;
  return END.test(line);
}

function matched(pattern: RegExp, isShort: boolean, line: string, at: number): TypedFlag | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(line);
  if (match === null) return undefined;
  const [whole, dash = '', typedName = '', equals] = match;
  const name = typedName.toLowerCase();
  const hasValue = equals === '=';
  const start = at + whole.search(/\S/);
  return { name, isShort, typed: (isShort ? '-' : '--') + name, hasValue, start, end: start + dash.length + name.length };
}

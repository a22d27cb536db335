import { isCatastrophic } from '../is-catastrophic.js';
import { textKind, type ValueKind } from '../value-kind.js';

const MAX_LENGTH = 500;
const FLAGS_OF_JAVASCRIPT = /^[dgimsuvy]*$/;
/** `g` and `y` remember where they stopped, and a value must mean the same each time. */
const FLAGS = /^[imsu]*$/;

/** `/pattern/flags`, or the pattern alone; none that could hold its thread for ever. */
export const regexpKind: ValueKind<string> = textKind({
  read: (text) => {
    const compiled = compiledOf(text);
    return compiled === undefined || isCatastrophic(compiled) ? undefined : `/${compiled.source}/${compiled.flags}`;
  },
  takes: (texts) => texts.takes.regexp,
  objection: (text, texts) => (compiledOf(text) === undefined ? undefined : texts.neverEnds),
});

/** The regular expression of a value that `regexpKind` took. */
export function regexpOf(value: string): RegExp {
  const [pattern, flags] = partsOf(value) ?? ['', ''];
  return new RegExp(pattern, flags);
}

function compiledOf(text: string): RegExp | undefined {
  const parts = partsOf(text.trim());
  return parts && compile(parts);
}

/** What stands between slashes; anything else is a pattern as it is (`/usr/bin` too, since `bin` are no flags). */
function partsOf(text: string): [pattern: string, flags: string] | undefined {
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  const [, pattern = '', flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (pattern === '' || !FLAGS_OF_JAVASCRIPT.test(flags)) return [text, ''];
  return FLAGS.test(flags) ? [pattern, flags] : undefined;
}

function compile([pattern, flags]: [string, string]): RegExp | undefined {
  try {
    const compiled = new RegExp(pattern, flags);
    return compiled.source.length + 2 + compiled.flags.length > MAX_LENGTH ? undefined : compiled;
  } catch {
    // No regular expression: the person is told what is taken.
    return undefined;
  }
}

import { textsFor } from '../../i18n/texts.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ValueOf, ValueSchema } from '../contract/value-schema.js';
import { oneLine } from '../one-line.js';
import { isSecret } from './is-secret.js';
import { kindOf } from './kind-of.js';
import { itemsOf } from './kinds/list-kind.js';

/** What was read, or one line that says what is taken and what may have been meant. */
export type ValueReading<T> = { ok: true; value: T } | { ok: false; problem: string };

const MAX_QUOTED_LENGTH = 60;

/** Reads what a person typed. The text of a secret is never in the problem. */
export function readValue<V extends ValueSchema>(schema: V, text: string, language: ModuleLanguage): ValueReading<ValueOf<V>> {
  const kind = kindOf(schema);
  const value = kind.read(text);
  // A kind reads what `ValueOf` says of it; the compiler cannot follow that through the table of kinds.
  if (value !== undefined) return { ok: true, value: value as ValueOf<V> };
  return { ok: false, problem: problemOfItem(schema, text, language) ?? problemOf(schema, text, language) };
}

function problemOf(schema: ValueSchema, text: string, language: ModuleLanguage): string {
  const texts = textsFor(language).values;
  const kind = kindOf(schema);
  if (isSecret(schema)) return texts.secretNotTaken(kind.takes(texts));
  const objection = kind.objection?.(text, texts);
  if (objection !== undefined) return texts.objection(oneLine(text, MAX_QUOTED_LENGTH), objection);
  const shown = oneLine(text, MAX_QUOTED_LENGTH);
  // What is not shown whole was no slip of the finger, and looking for what is near it takes long.
  return texts.notTaken(shown, kind.takes(texts), shown === text.trim() ? kind.nearest?.(text) : undefined);
}

/** Of a list only the item that is wrong is spoken of. */
function problemOfItem(schema: ValueSchema, text: string, language: ModuleLanguage): string | undefined {
  if (schema.kind !== 'list') return undefined;
  const wrong = itemsOf(text)?.find((item) => kindOf(schema.of).read(item) === undefined);
  return wrong === undefined ? undefined : problemOf(schema.of, wrong, language);
}

import { textsFor } from '../../i18n/texts.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ValueOf, ValueSchema } from '../contract/value-schema.js';
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
  return texts.notTaken(shortened(text), kind.takes(texts), kind.nearest?.(text));
}

/** Of a list only the item that is wrong is spoken of. */
function problemOfItem(schema: ValueSchema, text: string, language: ModuleLanguage): string | undefined {
  if (schema.kind !== 'list') return undefined;
  const wrong = itemsOf(text)?.find((item) => kindOf(schema.of).read(item) === undefined);
  return wrong === undefined ? undefined : problemOf(schema.of, wrong, language);
}

function shortened(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > MAX_QUOTED_LENGTH ? `${line.slice(0, MAX_QUOTED_LENGTH - 1)}…` : line;
}

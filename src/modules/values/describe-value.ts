import { textsFor } from '../../i18n/texts.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ValueSchema } from '../contract/value-schema.js';
import { kindOf } from './kind-of.js';

/** What it takes, in words: `a whole number from 1 to 5`. */
export function describeValue(schema: ValueSchema, language: ModuleLanguage): string {
  const texts = textsFor(language).values;
  return kindOf(schema).takes(texts);
}

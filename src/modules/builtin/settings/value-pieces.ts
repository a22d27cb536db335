import type { SettingDefinition } from '../../contract/index.js';
import type { RichPiece } from '../../commands/rich-text.js';
import { isSecret } from '../../values/is-secret.js';
import { writeValue } from '../../values/write-value.js';
import type { SettingsTexts } from './texts.js';

const MAX_SHOWN = 200;

/** A value as it may be typed again: in quotes where it would else be taken for something else. A secret is only said to be set. */
export function shownValue(definition: SettingDefinition, value: unknown, texts: SettingsTexts['config']): string {
  if (isSecret(definition)) return value === '' || (Array.isArray(value) && value.length === 0) ? texts.unset : `${writeValue(definition, value as never)} (${texts.set})`;
  const written = writeValue(definition, value as never);
  const isBare = definition.kind === 'string' && (written === '' || written !== written.trim() || quotesAround(written) !== undefined);
  const text = isBare ? `"${written}"` : written;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

export function valuePiece(definition: SettingDefinition, value: unknown, texts: SettingsTexts['config']): RichPiece {
  return ['code', shownValue(definition, value, texts)];
}

/** The text between two quotes that stand around all of it. */
export function quotesAround(text: string): string | undefined {
  return /^"([^"]*)"$/s.exec(text)?.[1] ?? /^“([^”]*)”$/s.exec(text)?.[1] ?? /^«([^»]*)»$/s.exec(text)?.[1];
}

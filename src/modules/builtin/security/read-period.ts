import { CommandRefusal } from '../../contract/command-refusal.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import { readValue } from '../../values/read-value.js';

const FOREVER = /^(forever|always|навсегда|насовсем|бессрочно)$/i;
const DURATION = { kind: 'duration', minMs: 60_000, maxMs: 366 * 86_400_000 } as const;

/** `for 2h`, `на 2 часа`, `2h`, `forever` → milliseconds, or undefined for good. @throws CommandRefusal */
export function readPeriod(typed: string, defaultMs: number | undefined, language: ModuleLanguage): number | undefined {
  const text = typed.trim().replace(/^(for|на)\s+/i, '');
  if (text === '') return defaultMs;
  if (FOREVER.test(text)) return undefined;
  const reading = readValue(DURATION, text, language);
  if (!reading.ok) throw new CommandRefusal(reading.problem);
  return reading.value;
}

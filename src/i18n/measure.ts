const BYTE_UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;
const TIME_UNITS = [
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `200 MB`, `4.3 GB` as a language writes it; with one figure after the point at the most. */
export function sizeText(bytes: number, locale: string): string {
  const power = Math.min(BYTE_UNITS.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return measure(bytes / 1000 ** power, BYTE_UNITS[power - 1] ?? 'kilobyte', locale);
}

/** `2 hr`, `90 min`, `30 sec` as a language writes it: the largest unit that is whole, else seconds. */
export function lengthText(ms: number, locale: string): string {
  const [unit, unitMs] = TIME_UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? (['second', 1000] as const);
  return measure(ms / unitMs, unit, locale);
}

/** `0.5`, in Russian `0,5`: with so many figures after the point. */
export function decimalText(value: number, figures: number, locale: string): string {
  return value.toLocaleString(locale, { minimumFractionDigits: figures, maximumFractionDigits: figures, useGrouping: false });
}

function measure(value: number, unit: string, locale: string): string {
  const text = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);
  // A number and its unit stay on one line, in every version of the language data.
  return text.replaceAll(/\s/g, '\u00a0');
}

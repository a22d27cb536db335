import type { ValueKind } from '../value-kind.js';

export interface NumberBounds {
  kind: 'integer' | 'number';
  min?: number;
  max?: number;
}

const INTEGER = /^[+-]?\d{1,16}$/;
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d{1,3})?$/i;

/** A whole number, or any; `0,5` is `0.5`. */
export function numberKind({ kind, min = -Infinity, max = Infinity }: NumberBounds): ValueKind<number> {
  const parse = (text: string): number | undefined => {
    const written = text.trim().replace('−', '-');
    if (!(kind === 'integer' ? INTEGER : NUMBER).test(written)) return undefined;
    const value = Number(written.replace(',', '.')) + 0;
    return kind === 'integer' ? (Number.isSafeInteger(value) ? value : undefined) : Number.isFinite(value) ? value : undefined;
  };
  const within = (value: number): boolean => value >= min && value <= max;
  return {
    read: (text) => {
      const value = parse(text);
      return value !== undefined && within(value) ? value : undefined;
    },
    write: String,
    fits: (value) => typeof value === 'number' && (kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)) && within(value),
    takes: (texts) => texts.range(texts.takes[kind], Number.isFinite(min) ? String(min) : undefined, Number.isFinite(max) ? String(max) : undefined),
    nearest: (text) => {
      const value = parse(text);
      return value === undefined ? undefined : String(Math.min(max, Math.max(min, value)));
    },
  };
}

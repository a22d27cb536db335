import type { Texts } from '../../i18n/texts.js';

/** One kind of value: how its text is read and written. */
export interface ValueKind<T> {
  /** Undefined where the text is no such value. */
  read(text: string): T | undefined;
  /** What `read` takes again; of a secret only that there is one. */
  write(value: T): string;
  /** Whether a value of JSON is such a value, in the form that `read` gives it. */
  fits(value: unknown): boolean;
  /** What it takes, in words: `a whole number from 1 to 5`. */
  takes(texts: Texts['values']): string;
  /** Of text that `read` did not take though it has the form: what is wrong with it. */
  objection?(text: string, texts: Texts['values']): string | undefined;
  /** What may have been meant by text that `read` did not take. */
  nearest?(text: string): string | undefined;
}

type TextKindParts = Pick<ValueKind<string>, 'read' | 'takes' | 'objection' | 'nearest'>;

/** A kind whose values are their own text. */
export function textKind(parts: TextKindParts): ValueKind<string> {
  return { ...parts, write: (value) => value, fits: (value) => typeof value === 'string' && parts.read(value) === value };
}

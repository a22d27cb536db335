/**
 * What an argument or a setting takes, as plain data: a form can be drawn of it, and it crosses to another process. Kinds
 * beside `choice` and `list` have one written form, which `.config` shows and takes again.
 *
 * | kind | written as | value |
 * | --- | --- | --- |
 * | boolean | on, off, yes, no, да, нет … | boolean |
 * | integer, number | 12, 0.5 | number |
 * | string | text | string |
 * | word | text without spaces | string |
 * | regexp | /pattern/flags, or a pattern; 500 characters at most, none that could search for hours | string, `/pattern/flags` |
 * | choice, choices | one of `options`; several with commas | string; string[] |
 * | list | values with commas, or one a line | array |
 * | link | https://… | string |
 * | telegram-id | a positive number up to 2^52 | string |
 * | peer | @name, t.me/name, an id, `me` | string: `@name`, an id (of chats negative, as clients show it) or `me` |
 * | emoji | one emoji | string |
 * | duration | 90s, 2h30m, 1d, 2 часа | milliseconds |
 * | languages | auto, ru, ru,en | string |
 * | time-zone | Europe/Moscow, UTC+3 | string: an IANA name |
 * | secret | text; never shown, echoed or logged | string |
 *
 * A regular expression that somebody else than the owner wrote can hold its thread for as long as it likes: it may run only in
 * a confined process.
 */
export type ScalarSchema =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' | 'number'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'string'; readonly minLength?: number; readonly maxLength?: number }
  | { readonly kind: 'word' | 'regexp' | 'link' | 'telegram-id' | 'peer' | 'emoji' | 'languages' | 'time-zone' | 'secret' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'duration'; readonly minMs?: number; readonly maxMs?: number };

export type ValueSchema =
  | ScalarSchema
  | { readonly kind: 'choices'; readonly options: readonly string[] }
  | { readonly kind: 'list'; readonly of: ScalarSchema; readonly maxItems?: number };

/** The value that text becomes which fits the schema. */
export type ValueOf<V extends ValueSchema> = V extends { kind: 'boolean' }
  ? boolean
  : V extends { kind: 'integer' | 'number' | 'duration' }
    ? number
    : V extends { kind: 'choice'; options: readonly (infer O extends string)[] }
      ? O
      : V extends { kind: 'choices'; options: readonly (infer O extends string)[] }
        ? readonly O[]
        : V extends { kind: 'list'; of: infer S extends ScalarSchema }
          ? readonly ValueOf<S>[]
          : string;

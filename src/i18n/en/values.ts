const range = (what: string, min?: string, max?: string): string =>
  min === undefined ? (max === undefined ? what : `${what}, ${max} at most`) : max === undefined ? `${what}, ${min} at least` : `${what} from ${min} to ${max}`;

/** What values of arguments and settings take. */
export const values = {
  notTaken: (given: string, takes: string, nearest?: string) =>
    `${given === '' ? 'Nothing was given' : `“${given}” does not fit`}: it takes ${takes}.${nearest === undefined ? '' : ` Perhaps ${nearest}?`}`,
  objection: (given: string, objection: string) => `“${given}” does not fit: ${objection}`,
  neverEnds: 'on some texts it would search for hours. Repeat nothing that repeats in itself, as (a+)+ does, and no alternatives that begin alike.',
  secretNotTaken: (takes: string) => `That does not fit: it takes ${takes}.`,
  range,
  length: (min: number, max: number) => (min > 0 ? `text of ${min} to ${max} characters` : `text of up to ${max} characters`),
  oneOf: (options: readonly string[]) => options.join(', ').replace(/, ([^,]*)$/, ' or $1'),
  someOf: (options: readonly string[]) => `some of ${options.join(', ')} (with commas), or none`,
  listOf: (item: string, maxItems: number) => `a list (with commas or one a line, ${maxItems} at most; none empties it) of ${item}`,
  takes: {
    boolean: 'on or off',
    integer: 'a whole number',
    number: 'a number',
    word: 'one word of up to 256 characters, without spaces',
    regexp: 'a regular expression such as /pattern/i (flags: i, m, s, u)',
    duration: 'a time (90s, 30m, 2h30m)',
    telegramId: 'the id of a person, a number',
    peer: '@name, a t.me link, an id, or me',
    link: 'an address such as https://example.com',
    emoji: 'one emoji',
    languages: 'auto, a language such as ru, or several: ru,en',
    timeZone: 'a time zone such as Europe/Moscow, UTC+3 or a city',
    secret: 'a secret of up to 4096 characters; it is never shown again',
  },
};

const HOURS = ['час', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять', 'десять', 'одиннадцать', 'двенадцать'];
const NUMBERS: Readonly<Record<string, number>> = {
  пятнадцать: 15, двадцать: 20, тридцать: 30, сорок: 40, пятьдесят: 50,
  fifteen: 15, twenty: 20, thirty: 30, forty: 40, fifty: 50,
};
const WEEKDAYS: Readonly<Record<string, string>> = { сред: 'среду', пятниц: 'пятницу', суббот: 'субботу', воскресень: 'воскресенье' };
const HALF_DAY = 12;

/** Of these only what stands at the beginning is a time; further on it is what the person wants to be told. */
const BEFORE = '((?:[^\\s\\d]+\\s+){0,2}?)';
const MONTH_AND_DAY = /^((?:on\s+)?)((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?=[\s,]|$)/i;
const SPOKEN_HOUR = new RegExp(`^${BEFORE}в\\s+(\\d{1,2}|${HOURS.join('|')})(\\s+час(?:а|ов)?)?(?:\\s+(утра|дня|вечера|ночи))?(?=\\s|$)`, 'iu');
const AFTERNOON = new RegExp(`^${BEFORE}дн[её]м(?=\\s|$)`, 'iu');
const IN_THE = new RegExp(`^${BEFORE}((?:at\\s+)?\\d{1,2}(?::\\d{2})?)\\s+in\\s+the\\s+(morning|afternoon|evening)(?=\\s|$)`, 'iu');
const AT_NOON = new RegExp(`^${BEFORE}at\\s+(noon|midday|midnight)(?=\\s|$)`, 'iu');
const DASHED = new RegExp(`^${BEFORE}((?:в|at)\\s+\\d{1,2})-(\\d{2})(?=\\s|$)`, 'iu');
const NUMBER_AHEAD = new RegExp(`^(через|in)\\s+(${Object.keys(NUMBERS).join('|')})(?=\\s)`, 'iu');
const ON_WEEKDAYS = /^по\s+(понедельник|вторник|сред|четверг|пятниц|суббот|воскресень)(?:ам|ям)(?=\s|$)/iu;
const SUNDAY = /^((?:кажд\S+\s+)?(?:в\s+)?)вс(?=[\s,]|$)/iu;
const DAILY = /^(?:daily|ежедневно)(?=\s|$)/iu;

/**
 * What people write and the library misreads or does not know, as it knows it: `dec 25` (which it takes for a year), «в два часа дня»,
 * «в семь», «днём», `at 9-30`, `8 in the evening`, «через двадцать минут», «по средам», «вс», `daily`.
 */
export function asTheLibraryReads(text: string): string {
  return text
    .replace(MONTH_AND_DAY, '$1$3 $2')
    .replace(NUMBER_AHEAD, (_typed, before: string, word: string) => `${before} ${NUMBERS[word.toLowerCase()] ?? word}`)
    .replace(ON_WEEKDAYS, (_typed, stem: string) => `каждый ${WEEKDAYS[stem.toLowerCase()] ?? stem}`)
    .replace(SUNDAY, '$1воскресенье')
    .replace(DAILY, 'every day')
    .replace(DASHED, '$1$2:$3')
    .replace(IN_THE, (_typed, before: string, hour: string, part: string) => `${before}${hour}${part.toLowerCase() === 'morning' ? 'am' : 'pm'}`)
    .replace(AT_NOON, '$1$2')
    .replace(AFTERNOON, '$1в 15:00')
    .replace(SPOKEN_HOUR, (...spoken) => spokenHour(...(spoken.slice(0, 5) as Spoken)));
}

/** As it was typed, then what stands before «в», the hour, «час» after it, and the part of the day. */
type Spoken = [typed: string, before: string, hour: string, ofTheClock: string | undefined, part: string | undefined];

function spokenHour(...[typed, before, said, ofTheClock, part]: Spoken): string {
  const named = HOURS.indexOf(said.toLowerCase()) + 1;
  const hour = named === 0 ? Number(said) : named;
  if (hour > HALF_DAY || (named === 0 && ofTheClock === undefined && part === undefined)) return typed;
  return `${before}в ${hourOfDay(hour, part?.toLowerCase())}:00`;
}

function hourOfDay(hour: number, part: string | undefined): number {
  if (part === 'дня' || part === 'вечера') return hour === HALF_DAY ? HALF_DAY : hour + HALF_DAY;
  return hour === HALF_DAY && (part === 'ночи' || part === 'утра') ? 0 : hour;
}

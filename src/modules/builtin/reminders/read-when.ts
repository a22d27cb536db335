import { en as english, type Chrono, type Component, type ParsedResult } from 'chrono-node';
import * as russian from 'chrono-node/ru';
import { DateTime } from 'luxon';
import { readValue } from '../../values/read-value.js';
import { asTheLibraryReads } from './as-the-library-reads.js';

/** When, and what of. */
export interface ReadReminder {
  kind: 'read';
  atMs: number;
  everyDays?: 1 | 7;
  text: string;
}

export type Reading = ReadReminder | { kind: 'not-understood' } | { kind: 'repeat-not-understood' };

/** A date that names no time means this hour. */
const MORNING_HOUR = 9;
const MAX_DURATION_WORDS = 4;
const EVERY = /^(?:every|кажд(?:ый|ую|ое|ые))\s+/iu;
const DAY = /^(?:day|день)(?=\s|$)\s*/iu;
const DAY_MS = 86_400_000;
/** The library takes these for a Monday, a Saturday. */
const SEVERAL_DAYS = /week(?:day|end)/iu;
/** «день рождения завтра»: without a number or a word before it a unit is no time. */
const BARE_UNIT = /^(?:секунд|минут|час|день|дня|недел|месяц|год)\p{L}*$/iu;
const NUMBER_OF_UNITS = /^(?:\d|half\s|an?\s|one\s|пол)/iu;
const AGO = /^(?:ago|(?:тому\s+)?назад)(?=\s|$)\s*/iu;
/** Between the time and what it is about. */
const SEPARATOR = /^[\s,.:]*(?:[–—-]+\s+)?/u;
const TIME_OF_DAY = /^(?:(?:at|в)\s+\d|\d{1,2}[:.]\d)/iu;
const DAY_AND_MONTH = /^((?:в|on)\s+)?(\d{1,2})\.(\d{1,2})(?=\s|$)/iu;

/**
 * Reads the time that the text begins with (or ends with), as people write it in English and in Russian. Times of the day are those of
 * the zone, whatever becomes of its clocks between now and then; hours and minutes from now are as long as they are.
 */
export function readWhen(typed: string, nowMs: number, zone: string): Reading {
  const text = asTheLibraryReads(typed.trim());
  const now = DateTime.fromMillis(nowMs, { zone });
  const repeat = EVERY.exec(text);
  if (repeat !== null) return readRepeat(text.slice(repeat[0].length), now);
  return readDuration(text, now) ?? readDate(text, now) ?? { kind: 'not-understood' };
}

function readRepeat(text: string, now: DateTime): Reading {
  const isDaily = DAY.test(text);
  const rest = text.replace(DAY, '');
  const found = readDate(rest, now, ({ start, text: read }) => (isDaily ? start.isCertain('hour') : start.isCertain('weekday') && !SEVERAL_DAYS.test(read)));
  if (found !== undefined) return { ...found, everyDays: isDaily ? 1 : 7 };
  if (!isDaily || TIME_OF_DAY.test(rest)) return { kind: 'repeat-not-understood' };
  const today = now.startOf('day').set({ hour: MORNING_HOUR });
  return { kind: 'read', atMs: (today > now ? today : today.plus({ days: 1 })).toMillis(), text: rest, everyDays: 1 };
}

/** `2h`, `2 часа`, `1 h 30 min`, with or without "in" before it; `3 days at 10:00` is that time of the day. */
function readDuration(text: string, now: DateTime): ReadReminder | undefined {
  const plain = text.replace(/^(?:in|через)\s+/iu, '');
  if (plain === text && !NUMBER_OF_UNITS.test(text)) return undefined;
  const words = [...plain.matchAll(/\S+/g)];
  for (let count = Math.min(MAX_DURATION_WORDS, words.length); count > 0; count -= 1) {
    const last = words[count - 1];
    const end = last === undefined ? 0 : last.index + last[0].length;
    const reading = readValue({ kind: 'duration' }, plain.slice(0, end), 'en');
    if (reading.ok && /\p{L}/u.test(plain.slice(0, end))) return fromNow(reading.value, plain.slice(end).trim().replace(SEPARATOR, ''), now);
  }
  return undefined;
}

function fromNow(ms: number, text: string, now: DateTime): ReadReminder {
  const days = ms / DAY_MS;
  if (AGO.test(text)) return { kind: 'read', atMs: now.toMillis() - ms, text: text.replace(AGO, '') };
  const atTime = Number.isInteger(days) && TIME_OF_DAY.test(text) ? readDate(text, now, ({ index, start }) => index === 0 && start.isCertain('hour') && !start.isCertain('day')) : undefined;
  if (atTime === undefined) return { kind: 'read', atMs: now.toMillis() + ms, text };
  const { hour, minute } = DateTime.fromMillis(atTime.atMs, { zone: now.zone });
  return { ...atTime, atMs: now.plus({ days }).set({ hour, minute, second: 0, millisecond: 0 }).toMillis() };
}

function readDate(typed: string, now: DateTime, accepts: (result: ParsedResult) => boolean = () => true): ReadReminder | undefined {
  const text = withYear(typed, now);
  // The library computes with a clock of hands: it is given the zone's as if it were UTC's, and its answer is read so.
  const wall = DateTime.utc(now.year, now.month, now.day, now.hour, now.minute, now.second);
  const reference = { instant: wall.toJSDate(), timezone: 0 };
  const results = [english.GB, russian.casual].map(withoutZoneNames).flatMap((language) => language.parse(text, reference, { forwardDate: true })).filter((result) => !BARE_UNIT.test(result.text) && accepts(result));
  const best = results.filter(({ index }) => index === 0).sort(longestFirst)[0] ?? results.filter((result) => endOf(result) === text.length).sort(longestFirst)[0];
  if (best === undefined) return undefined;
  const rest = `${text.slice(0, best.index)} ${text.slice(endOf(best))}`.trim().replace(SEPARATOR, '');
  // `tomorrow 25:00`: a time that is none is no text.
  if (!best.start.isCertain('hour') && /^(?:(?:at|в)\s+)?\d{1,2}[:.]\d/iu.test(rest)) return undefined;
  return { kind: 'read', atMs: moment(best, now, wall), text: rest };
}

/** In `10:00 get milk` it would see the time of Georgia, in `18:00 art class` that of Argentina. */
function withoutZoneNames(library: Chrono): Chrono {
  const own = library.clone();
  own.refiners = own.refiners.filter((refiner) => refiner.constructor.name !== 'ExtractTimezoneAbbrRefiner');
  return own;
}

function moment({ start }: ParsedResult, now: DateTime, wall: DateTime): number {
  const part = (name: Component): number => start.get(name) ?? 0;
  const tags = [...start.tags()];
  // `10:00Z`; of what is told from now on the zone is the one that the library was made to believe in.
  const isFromNow = tags.some((tag) => tag.startsWith('result/relative') || tag === 'casualReference/now');
  if (!isFromNow && start.isCertain('timezoneOffset')) return start.date().getTime();
  const isDayPart = tags.some((tag) => /^casualReference\/(?!today|tomorrow|yesterday)/.test(tag));
  const day = { year: part('year'), month: part('month'), day: part('day') };
  if (tags.includes('result/relativeDateAndTime')) {
    const then = DateTime.utc(day.year, day.month, day.day, part('hour'), part('minute'), part('second'));
    return now.toMillis() + (then.toMillis() - wall.toMillis());
  }
  const hasTime = start.isCertain('hour') || isDayPart || tags.includes('result/relativeDate');
  const isMorning = tags.includes('casualReference/morning') && !start.isCertain('hour');
  const time = hasTime && !isMorning ? { hour: part('hour'), minute: part('minute') } : { hour: MORNING_HOUR, minute: 0 };
  return DateTime.fromObject({ ...day, ...time }, { zone: now.zone }).toMillis();
}

/** `25.12` is a day of this year, or of the next where it is over; the library wants to be told. */
function withYear(text: string, now: DateTime): string {
  return text.replace(DAY_AND_MONTH, (typed, _before: string, day: string, month: string) => {
    const date = DateTime.fromObject({ year: now.year, month: Number(month), day: Number(day) }, { zone: now.zone });
    if (!date.isValid) return typed;
    return `${typed}.${date < now.startOf('day') ? now.year + 1 : now.year}`;
  });
}

function endOf({ index, text }: ParsedResult): number {
  return index + text.length;
}

function longestFirst(one: ParsedResult, other: ParsedResult): number {
  return other.text.length - one.text.length;
}

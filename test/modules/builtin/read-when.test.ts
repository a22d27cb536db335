import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { readWhen } from '../../../src/modules/builtin/reminders/read-when.js';
import '../../support/fixed-seed.js';

const zone = 'Europe/Berlin';
/** A Saturday, 17:30 in Berlin. */
const NOW = DateTime.fromISO('2026-11-21T17:30', { zone }).toMillis();

function read(text: string, nowMs = NOW, inZone = zone): string {
  const found = readWhen(text, nowMs, inZone);
  if (found.kind !== 'read') return found.kind;
  return `${DateTime.fromMillis(found.atMs, { zone: inZone }).toFormat('yyyy-MM-dd HH:mm')}${found.everyDays === undefined ? '' : ` /${found.everyDays}`} ${found.text}`;
}

describe('when', () => {
  it.each([
    ['2h take the bread out', '2026-11-21 19:30 take the bread out'],
    ['2 часа достать хлеб', '2026-11-21 19:30 достать хлеб'],
    ['через 2 часа достать хлеб', '2026-11-21 19:30 достать хлеб'],
    ['1h30m tea', '2026-11-21 19:00 tea'],
    ['in 20 minutes tea', '2026-11-21 17:50 tea'],
    ['через час чай', '2026-11-21 18:30 чай'],
    ['через полчаса чай', '2026-11-21 18:00 чай'],
    ['tomorrow 9:00 call Ann', '2026-11-22 09:00 call Ann'],
    ['завтра в 9:00 позвонить Ане', '2026-11-22 09:00 позвонить Ане'],
    ['завтра позвонить', '2026-11-22 09:00 позвонить'],
    ['сегодня вечером кино', '2026-11-21 20:00 кино'],
    ['9:00 run', '2026-11-22 09:00 run'],
    ['в 18:00 чай', '2026-11-21 18:00 чай'],
    ['monday 18:30 report', '2026-11-23 18:30 report'],
    ['в среду в 18:30 отчёт', '2026-11-25 18:30 отчёт'],
    ['25.12 10:00 gifts', '2026-12-25 10:00 gifts'],
    ['1.2 10:00 later', '2027-02-01 10:00 later'],
    ['25 декабря подарки', '2026-12-25 09:00 подарки'],
    ['2026-12-25 10:00, gifts', '2026-12-25 10:00 gifts'],
    ['через 2 недели проверить', '2026-12-05 17:30 проверить'],
    ['buy milk tomorrow at 9', '2026-11-22 09:00 buy milk'],
    ['yesterday 9:00 x', '2026-11-20 09:00 x'],
    ['every day 9:00 pills', '2026-11-22 09:00 /1 pills'],
    ['каждый день в 21:00 таблетки', '2026-11-21 21:00 /1 таблетки'],
    ['every monday 9:00 report', '2026-11-23 09:00 /7 report'],
    ['каждую среду в 9:00 отчёт', '2026-11-25 09:00 /7 отчёт'],
    ['feb 12 10:00 x', '2027-02-12 10:00 x'],
    ['dec 25 gifts', '2026-12-25 09:00 gifts'],
    ['tomorrow morning tea', '2026-11-22 09:00 tea'],
    ['tomorrow morning at 8 tea', '2026-11-22 08:00 tea'],
    ['завтра утром в 8:30 чай', '2026-11-22 08:30 чай'],
    ['tomorrow at 8 in the evening tea', '2026-11-22 20:00 tea'],
    ['at midnight tea', '2026-11-22 00:00 tea'],
    ['2026-12-01T10:00Z tea', '2026-12-01 11:00 tea'],
    ['now tea', '2026-11-21 17:30 tea'],
    ['10:00 GMT+3 tea', '2026-11-22 08:00 tea'],
    ['tomorrow 10:00 get milk', '2026-11-22 10:00 get milk'],
    ['день рождения завтра в 9', '2026-11-22 09:00 день рождения'],
    ['second opinion tomorrow 10:00', '2026-11-22 10:00 second opinion'],
    ['18:00 art class', '2026-11-21 18:00 art class'],
    ['-2h tea', '2026-11-21 15:30 tea'],
    ['in 2 months tea', '2027-01-21 17:30 tea'],
    ['через год чай', '2027-11-21 17:30 чай'],
    ['вс в 9 чай', '2026-11-22 09:00 чай'],
    ['2h — tea', '2026-11-21 19:30 tea'],
    ['завтра: чай', '2026-11-22 09:00 чай'],
    ['завтра днём чай', '2026-11-22 15:00 чай'],
    ['завтра в девять чай', '2026-11-22 09:00 чай'],
    ['завтра в 2 часа дня чай', '2026-11-22 14:00 чай'],
    ['в час дня чай', '2026-11-22 13:00 чай'],
    ['в 12 ночи чай', '2026-11-22 00:00 чай'],
    ['в пятницу в восемь вечера чай', '2026-11-27 20:00 чай'],
    ['завтра в 9-30 чай', '2026-11-22 09:30 чай'],
    ['через двадцать минут чай', '2026-11-21 17:50 чай'],
    ['через 3 дня в 10:00 чай', '2026-11-24 10:00 чай'],
    ['in 2 weeks at 9 tea', '2026-12-05 09:00 tea'],
    ['in 2 weeks 10 apples', '2026-12-05 17:30 10 apples'],
    ['2 hours ago tea', '2026-11-21 15:30 tea'],
    ['час назад чай', '2026-11-21 16:30 чай'],
    ['every day pills', '2026-11-22 09:00 /1 pills'],
    ['каждый день 2 таблетки', '2026-11-22 09:00 /1 2 таблетки'],
    ['daily at 9 pills', '2026-11-22 09:00 /1 pills'],
    ['по средам в 9 отчёт', '2026-11-25 09:00 /7 отчёт'],
    ['every weekday 9:00 x', 'repeat-not-understood'],
    ['every day 25:00 x', 'repeat-not-understood'],
    ['every 2 hours x', 'repeat-not-understood'],
    ['tomorrow 25:00 x', 'not-understood'],
    ['feb 31 x', 'not-understood'],
    ['31.02.2027 x', 'not-understood'],
    ['9:60 x', 'not-understood'],
    ['every blue moon dance', 'repeat-not-understood'],
    ['buy milk', 'not-understood'],
    ['31 февраля в полдень x', 'not-understood'],
    ['2 apples', 'not-understood'],
    ['', 'not-understood'],
  ])('%s', (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it('means the time of the day where clocks are changed, and hours as long as they are', () => {
    const eve = DateTime.fromISO('2026-10-24T20:00', { zone }).toMillis();
    expect(read('tomorrow 9:00 x', eve)).toBe('2026-10-25 09:00 x');
    expect(read('8 hours x', eve)).toBe('2026-10-25 03:00 x');
    expect(read('in an hour and a half x', eve)).toMatch(/^2026-10-24 21:/);
    // 2:30 is not there that night.
    const spring = DateTime.fromISO('2027-03-27T20:00', { zone }).toMillis();
    expect(read('tomorrow 2:30 x', spring)).toBe('2027-03-28 03:30 x');
  });

  it('is the same time of the day so many days on, whatever the clocks do between', () => {
    const eve = DateTime.fromISO('2026-10-24T20:00', { zone }).toMillis();
    expect(read('in 1 day at 9:00 x', eve)).toBe('2026-10-25 09:00 x');
    expect(read('every day x', DateTime.fromISO('2026-10-24T09:00', { zone }).toMillis())).toBe('2026-10-25 09:00 /1 x');
  });

  it('whatever is typed, it is read or not, and never an error', () => {
    const word = fc.constantFrom('через', 'in', 'в', 'at', 'every', 'каждый', 'день', 'завтра', 'tomorrow', 'friday', 'feb', '31', '9:00', '25:00', '-', '2h', '9999', '1.1.', 'ago', 'утром', 'NaN', '__proto__', '\u202e', '\ud83d', '9'.repeat(99));
    fc.assert(
      fc.property(fc.oneof(fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')), fc.string({ unit: 'binary', maxLength: 30 })), (typed) => {
        const found = readWhen(typed, NOW, zone);
        if (found.kind === 'read') expect(typeof found.atMs).toBe('number');
      }),
      { numRuns: 200 },
    );
  });

  it('is that of the zone, not of the machine', () => {
    expect(read('tomorrow 9:00 x', NOW, 'Asia/Vladivostok')).toBe('2026-11-23 09:00 x');
    expect(read('tomorrow 9:00 x', NOW, 'America/Los_Angeles')).toBe('2026-11-22 09:00 x');
  });
});

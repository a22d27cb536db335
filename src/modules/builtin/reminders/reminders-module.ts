import { DateTime } from 'luxon';
import { PermanentError } from '../../../errors.js';
import { oneLine } from '../../one-line.js';
import { CommandRefusal, defineModule, type Module, type ModuleLanguage, type ModuleMessage, type Sending } from '../../contract/index.js';
import type { Reminder, ReminderBook } from './reminder.js';
import { texts } from './texts.js';

const MAX_REMINDERS = 200;
/** Whoever names a time further ahead has mistyped it. */
const MAX_AHEAD_MS = 20 * 366 * 86_400_000;
/** So much later than it was due is late. */
const LATE_MS = 2 * 60_000;
const MAX_LINE = 120;
const EVERYTHING = ['all', 'все', 'всё'];
/** As the answer of `.remind` writes it before a number. */
const NUMBER_SIGN = /^(?:№|no\.?|#)\s*(?=\d)/;

type Texts = ReturnType<typeof texts.of>;

/** What the module needs of the core. */
export interface RemindersPorts {
  book: ReminderBook;
  /** The machine's time zone, where the owner chose none. */
  zone: string;
}

/** `.remind`, `.reminders` and `.forget`. */
export function remindersModule({ book, zone: machineZone }: RemindersPorts): Module {
  let stopDelivering: () => Promise<void> = () => Promise.resolve();
  return defineModule({
    name: 'reminders',
    version: '1.0.0',
    about: texts.both((all) => all.about),
    uses: ['send'],
    settings: {
      zone: { kind: 'time-zone', default: machineZone, about: texts.both((all) => all.settings.zone) },
    },
    commands: (command) => [
      command({
        name: 'remind',
        aliases: ['напомни'],
        about: texts.both((all) => all.remind),
        access: 'owner',
        flags: { saved: { kind: 'boolean', short: 's', about: texts.both((all) => all.saved) } },
        args: { when: { kind: 'string', rest: true, label: texts.both((all) => all.when) } },
        run: ({ message, args, flags, language }, ctx) =>
          remind({ message, typed: args.when, isForSaved: flags.saved, language, nowMs: ctx.nowMs(), zone: ctx.settings.zone }, book),
      }),
      command({
        name: 'reminders',
        aliases: ['напоминания'],
        about: texts.both((all) => all.list),
        access: 'owner',
        run: async ({ language }, ctx) => {
          const said = texts.of(language);
          const all = await book.list();
          if (all.length === 0) return said.none;
          const line = (reminder: Reminder): string => {
            const moment = momentText(reminder.atMs, { nowMs: ctx.nowMs(), zone: ctx.settings.zone, language });
            return said.line(reminder.number, whenText(reminder, moment, said), oneLine(reminder.text, MAX_LINE));
          };
          return [said.title, ...all.map(line)].join('\n');
        },
      }),
      command({
        name: 'forget',
        aliases: ['забудь'],
        about: texts.both((all) => all.forget),
        access: 'owner',
        args: { number: { kind: 'string', rest: true, label: texts.both((all) => all.number) } },
        run: async ({ args, language }) => {
          const said = texts.of(language);
          const all = await book.list();
          const typed = args.number.toLowerCase().replace(NUMBER_SIGN, '');
          const meant = EVERYTHING.includes(typed) ? all : all.filter(({ number }) => String(number) === typed);
          if (meant.length === 0) throw new CommandRefusal(EVERYTHING.includes(typed) ? said.none : said.noSuch(oneLine(args.number, MAX_LINE)));
          await Promise.all(meant.map(({ id }) => book.remove(id)));
          return said.forgotten(meant.length);
        },
      }),
    ],
    start: (ctx) => {
      stopDelivering = book.deliver((reminder, signal) => deliver(reminder, ctx.send, ctx.nowMs(), signal));
      return Promise.resolve();
    },
    stop: () => stopDelivering(),
  });
}

/** What was typed, where, and for where. */
interface Wish {
  message: ModuleMessage;
  typed: string;
  isForSaved: boolean;
  language: ModuleLanguage;
  nowMs: number;
  zone: string;
}

async function remind({ message, typed, isForSaved, language, nowMs, zone }: Wish, book: ReminderBook): Promise<string> {
  const said = texts.of(language);
  // Its library knows the dates of many languages and takes 20 MB: it comes with the first reminder.
  const { readWhen } = await import('./read-when.js');
  const read = readWhen(typed, nowMs, zone);
  if (read.kind === 'not-understood') throw new CommandRefusal(said.notUnderstood);
  if (read.kind === 'repeat-not-understood') throw new CommandRefusal(said.repeatNotUnderstood);
  if (!(read.atMs <= nowMs + MAX_AHEAD_MS)) throw new CommandRefusal(said.tooFar);
  const moment = momentText(read.atMs, { nowMs, zone, language });
  if (read.atMs <= nowMs) throw new CommandRefusal(said.past(moment));
  if (read.text === '' && message.replyToMessageId === undefined) throw new CommandRefusal(said.sayWhat);
  const { kind: _kind, ...what } = read;
  const id = idOf(message);
  const { hour, minute } = DateTime.fromMillis(read.atMs, { zone });
  const again = read.everyDays === undefined ? {} : { timeOfDay: { hour, minute } };
  const place = placeOf(message, isForSaved);
  const { number } = await book.add((all) => ({ ...what, ...again, ...place, id, number: freeNumber(all, id, said), zone, language }));
  return [said.set(number, whenText(read, moment, said)), ...(read.text === '' ? [] : [read.text])].join('\n');
}

/** The smallest that is free; a reminder that is replaced keeps its own. */
function freeNumber(all: readonly Reminder[], id: string, said: Texts): number {
  const same = all.find((reminder) => reminder.id === id);
  if (same !== undefined) return same.number;
  if (all.length >= MAX_REMINDERS) throw new CommandRefusal(said.tooMany(all.length));
  const taken = new Set(all.map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}

/** Sends it, once however often it is tried; into Saved Messages where its chat takes nothing. Answers it as it comes again. */
async function deliver(reminder: Reminder, send: Sending, nowMs: number, signal: AbortSignal): Promise<Reminder | undefined> {
  const said = texts.of(reminder.language);
  const { id, atMs, zone, language, chat, text, replyToMessageId } = reminder;
  const late = nowMs - atMs < LATE_MS ? [] : [said.late(momentText(atMs, { nowMs, zone, language }))];
  const words = [said.due(text === '' ? said.dueUnnamed : text), ...late].join('\n');
  const once = `${id}@${atMs}`;
  try {
    await send.send(chat, words, { once, ...(replyToMessageId !== undefined && { replyToMessageId }) }, signal);
  } catch (error) {
    const isRefused = error instanceof CommandRefusal || error instanceof PermanentError;
    if (!isRefused || chat === 'saved') throw error;
    // What it was to answer is deleted, or the chat is closed.
    const isGone = error instanceof PermanentError && error.reason === 'deleted';
    await send.send(isGone ? chat : 'saved', words, { once: `${once}:again` }, signal);
  }
  return reminder.everyDays === undefined ? undefined : { ...reminder, atMs: nextAtMs(reminder, reminder.everyDays, nowMs) };
}

/** At the same time of the day, whatever the clocks of the zone did; times that were missed are one. */
function nextAtMs({ atMs, zone, timeOfDay }: Reminder, days: number, nowMs: number): number {
  let next = DateTime.fromMillis(atMs, { zone });
  do next = next.plus({ days }).set(timeOfDay ?? {});
  while (next.toMillis() <= nowMs);
  return next.toMillis();
}

function placeOf(message: ModuleMessage, isForSaved: boolean): Pick<Reminder, 'chat' | 'replyToMessageId'> {
  return isForSaved ? { chat: 'saved' } : { chat: message.chat, replyToMessageId: message.replyToMessageId ?? message.messageId };
}

function idOf({ accountId, chat, messageId }: ModuleMessage): string {
  return `${accountId}-${chat.kind}-${chat.id}-${messageId}`;
}

function whenText({ everyDays }: Pick<Reminder, 'everyDays'>, moment: string, said: Texts): string {
  return everyDays === undefined ? moment : `${moment}, ${everyDays === 1 ? said.everyDay : said.everyWeek}`;
}

function momentText(atMs: number, { nowMs, zone, language }: { nowMs: number; zone: string; language: ModuleLanguage }): string {
  const [at, now] = [atMs, nowMs].map((ms) => DateTime.fromMillis(ms, { zone, locale: language === 'ru' ? 'ru' : 'en-GB' })) as [DateTime, DateTime];
  return at.toFormat(at.year === now.year ? 'ccc d MMM HH:mm' : 'ccc d MMM yyyy HH:mm');
}

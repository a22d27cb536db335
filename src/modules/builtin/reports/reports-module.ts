import { AsyncLocalStorage } from 'node:async_hooks';
import { causeText } from '../../../errors.js';
import type { LogLine } from '../../../log/log-line.js';
import type { LogLines } from '../../../log/log-lines.js';
import type { Destination } from '../../contract/capabilities.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import { defineModule, type Module } from '../../contract/define-module.js';
import type { Localized, ModuleLanguage } from '../../contract/localized.js';
import type { ModuleContext } from '../../contract/module-context.js';
import type { SettingsDefinition } from '../../contract/setting-definition.js';
import { readValue } from '../../values/read-value.js';
import { momentText } from '../../moment-text.js';
import { ReportBook } from './report-book.js';
import { reportText } from './report-text.js';
import { reportsTexts } from './texts.js';

export interface ReportsPorts {
  lines: Pick<LogLines, 'watch'>;
  /** Whether Telegram can be reached now: while it cannot, nothing is tried. */
  online(): boolean;
}

const LOOK_EVERY_MS = 1000;
const MUTED_UNTIL = 'muted-until';
const FOREVER = /^(forever|навсегда|бессрочно)$/i;
const DEFAULT_MUTE_MS = 8 * 3_600_000;
const NEVER_MS = 8_640_000_000_000_000;
const DURATION = { kind: 'duration', minMs: 60_000, maxMs: 366 * 86_400_000 } as const;

/**
 * Warnings and errors of the log in a chat: the first at once, what follows in digests. What sending a report itself makes
 * the log say is never reported, so that one cannot lead to the next. What comes while they are muted is not told of later either.
 */
export function reportsModule(ports: ReportsPorts): Module {
  const book = new ReportBook();
  const sending = new AsyncLocalStorage<true>();
  let unwatch = (): void => undefined;
  let mutedUntilMs = 0;

  return defineModule({
    name: 'reports',
    version: '1.0.0',
    about: reportsTexts.both((texts) => texts.about),
    uses: ['send', 'history', 'store'],
    settings: {
      on: { kind: 'boolean', default: false, about: reportsTexts.both((texts) => texts.settings.on) },
      chat: { kind: 'peer', default: 'me', about: reportsTexts.both((texts) => texts.settings.chat) },
      level: { kind: 'choice', options: ['warn', 'error'], default: 'warn', about: reportsTexts.both((texts) => texts.settings.level) },
      digest: { kind: 'duration', minMs: 60_000, maxMs: 86_400_000, default: 600_000, about: reportsTexts.both((texts) => texts.settings.digest) },
    },
    commands: (command) => [
      command({
        name: 'mute',
        aliases: ['молчи'],
        about: reportsTexts.both((texts) => texts.mute.about),
        access: 'owner',
        args: { time: { kind: 'string', label: reportsTexts.both((texts) => texts.mute.time), optional: true, rest: true } },
        run: async ({ args, language }, ctx) => {
          const texts = reportsTexts.of(language);
          const forMs = readMute(args.time ?? '', language);
          if (!ctx.settings.on) return texts.off(ctx.prefix);
          const untilMs = Math.min(NEVER_MS, ctx.nowMs() + forMs);
          await ctx.store.set(MUTED_UNTIL, untilMs);
          mutedUntilMs = untilMs;
          book.forget();
          return untilMs === NEVER_MS ? texts.mute.forever(ctx.prefix) : texts.mute.done(momentText(untilMs, ctx.nowMs(), language), ctx.prefix);
        },
      }),
      command({
        name: 'unmute',
        aliases: ['говори'],
        about: reportsTexts.both((texts) => texts.unmute.about),
        access: 'owner',
        run: async ({ language }, ctx) => {
          const texts = reportsTexts.of(language);
          const wasMuted = ctx.nowMs() < mutedUntilMs;
          await ctx.store.delete(MUTED_UNTIL);
          mutedUntilMs = 0;
          if (!ctx.settings.on) return texts.off(ctx.prefix);
          return wasMuted ? texts.unmute.done : texts.unmute.notMuted;
        },
      }),
    ],
    tasks: (task) => [
      task({
        name: 'digest',
        everyMs: LOOK_EVERY_MS,
        run: async (ctx, signal) => {
          const nowMs = ctx.nowMs();
          if (!ctx.settings.on) book.forget();
          if (!book.isDue(nowMs) || !ports.online()) return;
          const pages = book.pages();
          book.waitUntil(nowMs + ctx.settings.digest);
          if (await sending.run(true, () => isSent(pages, ctx, signal))) book.strike(pages);
        },
      }),
    ],
    start: async (ctx) => {
      mutedUntilMs = await storedMute(ctx);
      unwatch = ports.lines.watch('warn', (line) => {
        const isWanted = ctx.settings.on && ctx.nowMs() >= mutedUntilMs && isReported(line, ctx.settings.level);
        if (isWanted && sending.getStore() === undefined) book.add(line);
      });
    },
    settingsChanged: async (settings, ctx) => {
      if (settings.on) await expectReachable(settings.chat, ctx, AbortSignal.timeout(10_000));
    },
    stop: () => {
      unwatch();
      book.forget();
      return Promise.resolve();
    },
  });
}

type ReportsContext = ModuleContext<{ chat: { kind: 'peer'; default: string; about: Localized<string> } }, 'send' | 'history'>;

/** For how long; eight hours unless something else is said. @throws CommandRefusal */
function readMute(typed: string, language: ModuleLanguage): number {
  const time = typed.replace(/^(for|на)\s+/i, '');
  if (time === '') return DEFAULT_MUTE_MS;
  if (FOREVER.test(time)) return NEVER_MS;
  const reading = readValue(DURATION, time, language);
  if (!reading.ok) throw new CommandRefusal(reading.problem);
  return reading.value;
}

async function storedMute({ store }: ModuleContext<SettingsDefinition, 'store'>): Promise<number> {
  const untilMs = await store.get(MUTED_UNTIL);
  return typeof untilMs === 'number' ? untilMs : 0;
}

/** False where it could not be sent: it stays in the book for the next digest, and is told of by no report. */
async function isSent(pages: ReturnType<ReportBook['pages']>, ctx: ReportsContext, signal: AbortSignal): Promise<boolean> {
  try {
    const text = reportText(pages, reportsTexts.of(ctx.language), ctx.language);
    await ctx.send.send(await destinationOf(ctx.settings.chat, ctx, signal), text, undefined, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    ctx.log.info(`a report could not be sent and waits for the next digest: ${causeText(error)}`);
    return false;
  }
}

/** What this module itself has the log say is no news to report. */
function isReported({ level, fields }: LogLine, least: 'warn' | 'error'): boolean {
  return fields.module !== 'reports' && (least === 'warn' || level !== 'warn');
}

/** @throws CommandRefusal where this account knows nobody, no supergroup and no channel by it; of a basic group only sending tells */
async function expectReachable(chat: string, ctx: ModuleContext<SettingsDefinition, 'history'>, signal: AbortSignal): Promise<void> {
  const destination = await destinationOf(chat, ctx, signal);
  if (destination !== 'saved' && destination.kind !== 'user') await ctx.history.message(destination, 1, signal);
}

/** Saved Messages, a person, or a group or channel by the id that apps show: `-1001234`. @throws CommandRefusal */
async function destinationOf(chat: string, ctx: ModuleContext<SettingsDefinition, 'history'>, signal: AbortSignal): Promise<Destination> {
  if (chat === 'me') return 'saved';
  const [, channel, group] = /^(?:-100(\d+)|-(\d+))$/.exec(chat) ?? [];
  if (channel !== undefined) return { kind: 'channel', id: channel };
  if (group !== undefined) return { kind: 'group', id: group };
  const person = await ctx.history.person(chat, signal);
  if (person === undefined) throw new CommandRefusal(reportsTexts.of(ctx.language).unknownChat(chat));
  return person.id === ctx.self.id ? 'saved' : { kind: 'user', id: person.id };
}

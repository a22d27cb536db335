import { z } from 'zod';
import type { ModuleLanguage } from '../../contract/localized.js';

/** What the owner is to be reminded of, as it is kept. */
export const reminderShape = z.object({
  /** Made of the command's message: the same command again is the same reminder. */
  id: z.string(),
  /** What the owner calls it by. */
  number: z.int().min(1),
  atMs: z.int(),
  /** It comes again so many days later, at the same time of the day in `zone`. */
  everyDays: z.union([z.literal(1), z.literal(7)]).optional(),
  zone: z.string(),
  /** The time at which it comes again: a day on which the clocks leave it out does not move it for good. */
  timeOfDay: z.object({ hour: z.int().min(0).max(23), minute: z.int().min(0).max(59) }).optional(),
  language: z.enum(['en', 'ru'] satisfies ModuleLanguage[]),
  chat: z.union([z.literal('saved'), z.object({ kind: z.enum(['user', 'group', 'channel']), id: z.string() })]),
  replyToMessageId: z.int().optional(),
  text: z.string(),
});

export type Reminder = z.infer<typeof reminderShape>;

/** Where reminders wait, over restarts. Only one process works for an account. */
export interface ReminderBook {
  /** Of several at once each `make` sees what the one before left. One with the same id is replaced. */
  add(make: (all: readonly Reminder[]) => Reminder): Promise<Reminder>;
  /** The next one first. */
  list(): Promise<Reminder[]>;
  /** Whether it was there. */
  remove(id: string): Promise<boolean>;
  /**
   * Calls `run` for each that is due, now and later, until the answer is called. What it answers is the reminder as it comes again,
   * undefined where it is over; where it rejects with `RetryableError` it is called again later, perhaps by another process.
   */
  deliver(run: (reminder: Reminder, signal: AbortSignal) => Promise<Reminder | undefined>): () => Promise<void>;
}

import { z } from 'zod';
import { PermanentError } from '../../../errors.js';
import { CommandRefusal } from '../../contract/index.js';
import type { ModuleContext, ModuleMessage, SettingsDefinition } from '../../contract/index.js';
import type { en } from './texts/en.js';

export type LeavingContext = Pick<ModuleContext<SettingsDefinition, 'send' | 'store'>, 'send' | 'store' | 'sleep' | 'nowMs' | 'log'>;

const KEY = 'restarting';
const RETRY_MS = 5000;
const NOTE_MS = 2000;
/** Whoever waits for the word longer has looked elsewhere. */
const STALE_MS = 30 * 60_000;

const noteSchema = z.object({
  chat: z.object({ kind: z.enum(['user', 'group', 'channel']), id: z.string() }),
  messageId: z.number(),
  atMs: z.number(),
});

/** Writes down where to say that the program is back; a Redis that is away or full keeps nobody from leaving. */
export async function noteRestart({ chat: { kind, id }, messageId }: ModuleMessage, ctx: LeavingContext, signal: AbortSignal): Promise<void> {
  const noted = ctx.store.set(KEY, { chat: { kind, id }, messageId, atMs: ctx.nowMs() }).catch((error: unknown) => {
    ctx.log.debug(`it could not be noted that the program is to come back: ${error instanceof Error ? error.name : 'unknown error'}`);
  });
  await Promise.race([noted, ctx.sleep(NOTE_MS, signal)]);
}

/** Says so, as soon as Telegram takes it; a word that comes too late, or for a message that is gone, is dropped. */
export async function sayBack(ctx: LeavingContext, texts: (typeof en)['restart'], signal: AbortSignal): Promise<void> {
  const stored = await ctx.store.get(KEY);
  // Nothing to say, and nothing to delete: a note may be written just now.
  if (stored === undefined) return;
  const note = noteSchema.safeParse(stored);
  while (note.success && !signal.aborted && ctx.nowMs() - note.data.atMs < STALE_MS) {
    const { chat, messageId, atMs } = note.data;
    try {
      await ctx.send.edit(chat, messageId, texts.back(Math.max(1, Math.round((ctx.nowMs() - atMs) / 1000))), signal);
      break;
    } catch (error) {
      if (error instanceof PermanentError || error instanceof CommandRefusal) break;
      ctx.log.debug(`it cannot be said yet that the program is back: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
    await ctx.sleep(RETRY_MS, signal);
  }
  await ctx.store.delete(KEY);
}

import { peerKey } from '../../../telegram/peer.js';
import type { ModuleMessage } from '../../contract/index.js';
import { texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** Whoever changes their mind back and forth is heard each time, and answered once in this time. */
const ANSWER_EVERY_MS = 24 * 3600_000;

/** What somebody said about being transcribed. */
export type OptOutWord = 'out' | 'in';

/** Whether a text is, as a whole, one of the words; case, spaces and the marks at its end do not count. Pure. */
export function optOutWord(text: string, words: Readonly<Record<OptOutWord, readonly string[]>>): OptOutWord | undefined {
  const said = plain(text);
  if (said === '') return undefined;
  return (['out', 'in'] as const).find((what) => words[what].some((word) => plain(word) === said));
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ё', 'е').replaceAll(/\s+/g, ' ').trim().replace(/[.!…]+$/u, '');
}

/**
 * Somebody says that they do not want to be transcribed, or that they do again: for themselves alone, since who wrote the
 * message is what Telegram says. In a group it counts where voices of theirs would be written down; strangers of a large group get
 * no answer from us.
 */
export async function heedOptOut(message: ModuleMessage, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<void> {
  const { sender, chat, accountId } = message;
  const { 'opt-out-words': out, 'opt-in-words': back } = ctx.settings;
  const word = optOutWord(message.text, { out, in: back });
  if (word === undefined || sender?.kind !== 'user' || message.viaBot) return;
  const concerns = message.chatKind === 'private' || (await ports.people.has(accountId, sender.id)) || (await ports.trackedChats.has(accountId, peerKey(chat)));
  if (!concerns) return;
  const name = await nameOf(sender.id, ctx, signal);
  const isNews =
    word === 'out'
      ? await ports.optOuts.add(accountId, { id: sender.id, name, sinceMs: ctx.nowMs() })
      : await ports.optOuts.remove(accountId, sender.id);
  if (!isNews || !(await ports.optOuts.mayAnswer(accountId, sender.id, word, ANSWER_EVERY_MS))) return;
  const { optOut: all } = texts.of(ctx.language);
  const once = `opt-${word}:${sender.id}:${peerKey(chat)}:${message.messageId}`;
  const answer = word === 'out' ? `${all.out}${back[0] ?? ''}` : all.in;
  try {
    await ctx.send.send(chat, answer, { replyToMessageId: message.messageId, once }, signal);
  } finally {
    // Also where the chat takes nothing from us.
    await ctx.send.send('saved', word === 'out' ? all.told(name, ctx.prefix) : all.toldIn(name), { once: `${once}:owner` }, signal);
  }
}

/**
 * As `heedOptOut`, of what was said while nobody was there. A word that takes it back may be older than one that was heard
 * since, so it does not count: they can say it again, and nobody is transcribed against their last word.
 */
export async function heedLateOptOut(message: ModuleMessage, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<void> {
  const said = optOutWord(message.text, { out: ctx.settings['opt-out-words'], in: [] });
  if (said === 'out') await heedOptOut(message, ctx, ports, signal);
}

/** What they said counts, whether or not Telegram says their name now. */
async function nameOf(id: string, ctx: VoiceContext, signal: AbortSignal): Promise<string> {
  try {
    return (await ctx.history.person(id, signal))?.name ?? id;
  } catch {
    signal.throwIfAborted();
    return id;
  }
}

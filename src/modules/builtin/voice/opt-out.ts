import { peerKey } from '../../../telegram/peer.js';
import type { ModuleLanguage, ModuleMessage } from '../../contract/index.js';
import { texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** Whoever changes their mind back and forth is heard each time, and answered once in this time. */
const ANSWER_EVERY_MS = 24 * 3600_000;

/** What somebody said about being transcribed. */
export type OptOutWord = 'out' | 'in';

/** Whose word counts from now on, and where it was said. */
export interface HeededWord {
  word: OptOutWord;
  personId: string;
  message: ModuleMessage;
}

/** Whether a text is, as a whole, one of the words; case, spaces and the marks at its end do not count. Pure. */
export function optOutWord(text: string, words: Readonly<Record<OptOutWord, readonly string[]>>): OptOutWord | undefined {
  const said = plain(text);
  if (said === '') return undefined;
  return (['out', 'in'] as const).find((what) => words[what].some((word) => plain(word) === said));
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ё', 'е').replaceAll(/\s+/g, ' ').trim().replace(/[.!…]+$/u, '');
}

/** Whether the text is one of the words that the owner has chosen. */
export function saysOptOut({ text }: Pick<ModuleMessage, 'text'>, { settings }: Pick<VoiceContext, 'settings'>): OptOutWord | undefined {
  return optOutWord(text, { out: settings['opt-out-words'], in: settings['opt-in-words'] });
}

/**
 * Somebody says that they do not want to be transcribed, or that they do again: for themselves alone, since who wrote the
 * message is what Telegram says. In a group it counts where voices of theirs would be written down. Resolves when it is kept;
 * undefined where it changes nothing. Asks nothing of Telegram.
 */
export async function heedOptOut(message: ModuleMessage, ctx: VoiceContext, ports: VoicePorts): Promise<HeededWord | undefined> {
  const { sender, chat, accountId } = message;
  const word = saysOptOut(message, ctx);
  if (word === undefined || sender?.kind !== 'user' || message.viaBot) return undefined;
  const concerns = message.chatKind === 'private' || (await ports.people.has(accountId, sender.id)) || (await ports.trackedChats.has(accountId, peerKey(chat)));
  if (!concerns) return undefined;
  const isNews =
    word === 'out'
      ? await ports.optOuts.add(accountId, { id: sender.id, name: sender.id, sinceMs: ctx.nowMs() })
      : await ports.optOuts.remove(accountId, sender.id);
  return isNews ? { word, personId: sender.id, message } : undefined;
}

/**
 * Answers them, and tells the owner. Not everybody who says so is answered: nobody twice a day for the same, and not more of
 * them at once than the module may send.
 */
export async function answerOptOut({ word, personId, message }: HeededWord, ctx: VoiceContext, { optOuts }: VoicePorts, signal: AbortSignal): Promise<void> {
  const { chat, accountId, messageId } = message;
  const name = await named(personId, ctx, optOuts, signal);
  if (!(await optOuts.mayAnswer(accountId, personId, word, ANSWER_EVERY_MS))) return;
  const once = `opt-${word}:${personId}:${peerKey(chat)}:${messageId}`;
  const language = languageOf(message.text, ctx);
  const { optOut: theirs } = texts.of(language);
  const { optOut: owners } = texts.of(ctx.language);
  const answer = word === 'out' ? theirs.out(wordIn(language, ctx.settings['opt-in-words'])) : theirs.in;
  try {
    await ctx.send.send(chat, answer, { replyToMessageId: messageId, once }, signal);
  } finally {
    // Also where the chat takes nothing from us.
    await ctx.send.send('saved', word === 'out' ? owners.told(name, ctx.prefix) : owners.toldIn(name), { once: `${once}:owner` }, signal);
  }
}

/**
 * As `heedOptOut`, of what was said while nobody was there. A word that takes it back may be older than one that was heard
 * since, so it does not count: they can say it again, and nobody is transcribed against their last word.
 */
export async function heedLateOptOut(message: ModuleMessage, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<void> {
  if (saysOptOut(message, ctx) !== 'out') return;
  const heeded = await heedOptOut(message, ctx, ports);
  if (heeded !== undefined) await answerOptOut(heeded, ctx, ports, signal);
}

/** As `heedLateOptOut`, of somebody whom the owner ignores: they are heard, and nobody is told. */
export async function heedIgnoredOptOut(message: ModuleMessage, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<void> {
  if (saysOptOut(message, ctx) !== 'out') return;
  const heeded = await heedOptOut(message, ctx, ports);
  if (heeded !== undefined) await named(heeded.personId, ctx, ports.optOuts, signal);
}

const CYRILLIC = /\p{Script=Cyrillic}/u;

/** Who writes in Russian is answered in Russian; else in the language of the owner. */
function languageOf(said: string, { language }: Pick<VoiceContext, 'language'>): ModuleLanguage {
  return CYRILLIC.test(said) ? 'ru' : language;
}

/** The first of the words that somebody of this language would write; the first of all where there is none. */
function wordIn(language: ModuleLanguage, words: readonly string[]): string | undefined {
  return words.find((word) => CYRILLIC.test(word) === (language === 'ru')) ?? words[0];
}

/** The list tells their name, where Telegram does. */
async function named(personId: string, ctx: VoiceContext, optOuts: VoicePorts['optOuts'], signal: AbortSignal): Promise<string> {
  const name = await nameOf(personId, ctx, signal);
  await optOuts.rename(ctx.accountId, personId, name);
  return name;
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

import { NotNowError, PermanentError } from '../../errors.js';
import type { Clock } from '../../supervisor/clock.js';
import type { FormattedText } from '../../telegram/formatted-text.js';
import type { IncomingMessage } from '../../telegram/incoming-message.js';
import { freshRandomId } from '../../telegram/random-id.js';
import type { TelegramGateway } from '../../telegram/telegram-gateway.js';
import type { AnswerFile, RichAnswer } from '../contract/answer.js';
import { MAX_TEXT_UNITS, splitText } from './split-text.js';
import { untilDelivered } from './until-delivered.js';

/** Telegram's limit of a caption, in UTF-16 units. */
const MAX_CAPTION_UNITS = 1024;
/** A text of more messages than this is a file. */
const MAX_PARTS = 5;

export interface AnswerPlaceDependencies {
  /** The command. */
  message: IncomingMessage;
  gatewayFor: (urgency: 'command' | 'progress') => TelegramGateway;
  clock: Clock;
  /** What stands above a text that is sent as a file. */
  asFile: string;
}

/**
 * Where the answer to one command stands: the owner's own message is edited into it; to others it is a reply. Where
 * the message cannot be edited (it is deleted, too old, or the chat does not let us) the answer is a message of its own.
 */
export class AnswerPlace {
  readonly #deps: AnswerPlaceDependencies;
  /** The message that is edited. */
  #shownIn: number | undefined;
  #commandStands = true;
  #stands = '';
  #progress: string | undefined;
  #pump: Promise<void> | undefined;
  readonly #pumping = new AbortController();

  constructor(deps: AnswerPlaceDependencies) {
    this.#deps = deps;
    if (deps.message.outgoing) this.#shownIn = deps.message.messageId;
  }

  /** The message that shows it now, where there is one. */
  get shownIn(): number | undefined {
    return this.#shownIn;
  }

  /** Takes the owner's command message away. */
  async removeCommand(signal: AbortSignal): Promise<void> {
    const { message, gatewayFor } = this.#deps;
    if (!message.outgoing || !this.#commandStands) return;
    this.#commandStands = false;
    if (this.#shownIn === message.messageId) this.#shownIn = undefined;
    await this.#delivered('command', () => gatewayFor('command').deleteMessages(message.chat, [message.messageId], signal), signal);
  }

  /** Shows this text when Telegram's limits allow; one that comes meanwhile takes its place. */
  progress(text: string): void {
    this.#progress = text;
    this.#pump ??= this.#pumpProgress();
  }

  /** No progress is shown from now on. */
  end(): void {
    this.#pumping.abort();
  }

  /** Shows this text now. */
  show(text: FormattedText, signal: AbortSignal): Promise<void> {
    return this.#show(text, 'command', signal);
  }

  /** Writes the answer; no progress comes after it. */
  async answer(answer: RichAnswer, signal: AbortSignal): Promise<void> {
    this.end();
    await this.#pump;
    if (answer.deleteCommand === true) await this.removeCommand(signal);
    const text = { text: answer.text ?? '', entities: [...(answer.entities ?? [])] };
    const parts = splitText(text);
    if (answer.file !== undefined) return this.#answerWithFile(answer.file, text, parts, signal);
    if (parts.length > MAX_PARTS) return this.#answerWithFile(textFile(text.text), { text: this.#deps.asFile, entities: [] }, [], signal);
    await this.#showAll(parts, signal);
  }

  async #showAll([first, ...others]: readonly FormattedText[], signal: AbortSignal): Promise<void> {
    if (first === undefined) return;
    await this.#show(first, 'command', signal);
    for (const part of others) await this.#send(part, 'command', signal);
  }

  /** The file takes the place of the command too, with the text below it where there is room. */
  async #answerWithFile(file: AnswerFile, text: FormattedText, parts: readonly FormattedText[], signal: AbortSignal): Promise<void> {
    const { message, gatewayFor } = this.#deps;
    const fits = text.text.length <= MAX_CAPTION_UNITS;
    if (!fits) await this.#showAll(parts, signal);
    const caption = fits && text.text !== '' ? { caption: text } : {};
    const gateway = gatewayFor('command');
    const outgoing = { chat: message.chat, file, ...caption, randomId: freshRandomId() };
    await this.#posted('command', (under) => gateway.sendFile({ ...outgoing, ...under }, signal), signal);
    const shownIn = this.#shownIn;
    if (!fits || shownIn === undefined) return;
    await this.#delivered('command', () => gateway.deleteMessages(message.chat, [shownIn], signal), signal);
  }

  async #pumpProgress(): Promise<void> {
    const { signal } = this.#pumping;
    try {
      while (this.#progress !== undefined && !signal.aborted) {
        const text = this.#progress.slice(0, MAX_TEXT_UNITS);
        this.#progress = undefined;
        await this.#showProgress(text, signal);
      }
    } finally {
      this.#pump = undefined;
    }
  }

  /** Progress is worth no trouble: what cannot be shown is not shown. */
  async #showProgress(text: string, signal: AbortSignal): Promise<void> {
    if (text.trim() === '') return;
    try {
      await this.#show({ text, entities: [] }, 'progress', signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof NotNowError)) this.#progress = undefined;
    }
  }

  async #show(text: FormattedText, urgency: 'command' | 'progress', signal: AbortSignal): Promise<void> {
    const { message, gatewayFor } = this.#deps;
    const stands = JSON.stringify(text);
    const shownIn = this.#shownIn;
    if (shownIn !== undefined) {
      if (stands === this.#stands) return;
      try {
        await this.#delivered(urgency, () => gatewayFor(urgency).editText(message.chat, shownIn, text, signal), signal);
        this.#stands = stands;
        return;
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        this.#shownIn = undefined;
        this.#commandStands = false;
      }
    }
    this.#shownIn = await this.#send(text, urgency, signal);
    this.#stands = stands;
  }

  async #send(text: FormattedText, urgency: 'command' | 'progress', signal: AbortSignal): Promise<number> {
    const { message, gatewayFor } = this.#deps;
    const outgoing = { chat: message.chat, text, randomId: freshRandomId() };
    return (await this.#posted(urgency, (under) => gatewayFor(urgency).sendText({ ...outgoing, ...under }, signal), signal)).messageId;
  }

  /** The owner's answer is posted also where what it belongs under is gone by now: a message with a secret is deleted before. */
  async #posted<T>(urgency: 'command' | 'progress', post: (under: { replyToMessageId?: number }) => Promise<T>, signal: AbortSignal): Promise<T> {
    const under = this.#replyTo();
    try {
      return await this.#delivered(urgency, () => post(under), signal);
    } catch (error) {
      const isGone = error instanceof PermanentError && error.reason === 'deleted';
      if (!isGone || !this.#deps.message.outgoing || under.replyToMessageId === undefined) throw error;
      return this.#delivered(urgency, () => post({}), signal);
    }
  }

  /** What belongs to the answer is tried again; each try of a message has the same random id, so it is posted once. */
  #delivered<T>(urgency: 'command' | 'progress', work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return urgency === 'command' ? untilDelivered(work, this.#deps.clock, signal) : work();
  }

  /** Others are answered; the owner's own answer stands where the command did, under the message that it answered. */
  #replyTo(): { replyToMessageId?: number } {
    const { outgoing, messageId, replyToMessageId } = this.#deps.message;
    if (!outgoing) return { replyToMessageId: messageId };
    return replyToMessageId === undefined ? {} : { replyToMessageId };
  }
}

function textFile(text: string): AnswerFile {
  return { name: 'answer.txt', mimeType: 'text/plain', bytes: new TextEncoder().encode(text) };
}

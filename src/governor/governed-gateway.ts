import { NotNowError } from '../errors.js';
import type { FormattedText } from '../telegram/formatted-text.js';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import { type Peer, peerKey } from '../telegram/peer.js';
import type {
  NamedChat,
  OutgoingFile,
  OutgoingText,
  OwnReply,
  Person,
  SentMessage,
  TelegramGateway,
  VoiceLocation,
} from '../telegram/telegram-gateway.js';
import type { GovernedRequest } from './governed-request.js';
import type { Governor } from './governor.js';
import type { Urgency } from './urgency.js';

/**
 * The gateway that everybody is handed: what is asked of it goes to Telegram when the governor lets it. Beside what
 * `TelegramGateway` promises: "typing" that cannot go at once is dropped; edits of one message that wait are one; at
 * urgency `progress` whatever cannot go at once rejects with `NotNowError`.
 */
export class GovernedGateway implements TelegramGateway {
  readonly #inner: TelegramGateway;
  readonly #governor: Governor;
  readonly #urgency: Urgency;

  constructor(inner: TelegramGateway, governor: Governor, urgency: Urgency) {
    this.#inner = inner;
    this.#governor = governor;
    this.#urgency = urgency;
  }

  get self(): Person {
    return this.#inner.self;
  }

  downloadVoice(location: VoiceLocation, path: string, maxBytes: number, signal: AbortSignal): Promise<void> {
    return this.#run('download', location.chat, signal, () => this.#inner.downloadVoice(location, path, maxBytes, signal));
  }

  sendText(message: OutgoingText, signal: AbortSignal): Promise<SentMessage> {
    return this.#run('send', message.chat, signal, () => this.#inner.sendText(message, signal));
  }

  sendFile(file: OutgoingFile, signal: AbortSignal): Promise<SentMessage> {
    return this.#run('send', file.chat, signal, () => this.#inner.sendFile(file, signal));
  }

  downloadFile(chat: Peer, messageId: number, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#run('download', chat, signal, () => this.#inner.downloadFile(chat, messageId, maxBytes, signal));
  }

  editText(chat: Peer, messageId: number, text: FormattedText, signal: AbortSignal): Promise<void> {
    return this.#governor.edits.edit(
      `${peerKey(chat)}:${messageId}`,
      { text, urgency: this.#urgency, signal },
      (urgency, newest, until) =>
        this.#governor.run(
          { method: 'edit', urgency, chat },
          () => this.#inner.editText(chat, messageId, newest(), until),
          until,
        ),
    );
  }

  deleteMessages(chat: Peer, messageIds: number[], signal: AbortSignal): Promise<void> {
    return this.#run('delete', chat, signal, () => this.#inner.deleteMessages(chat, messageIds, signal));
  }

  async sendTyping(chat: Peer, signal: AbortSignal): Promise<void> {
    try {
      await this.#run('typing', chat, signal, () => this.#inner.sendTyping(chat, signal));
    } catch (error) {
      if (!(error instanceof NotNowError)) throw error;
    }
  }

  getMessage(chat: Peer, messageId: number, signal: AbortSignal): Promise<IncomingMessage | undefined> {
    return this.#run('read', chat, signal, () => this.#inner.getMessage(chat, messageId, signal));
  }

  findReplies(chat: Peer, messageId: number, signal: AbortSignal): Promise<OwnReply[]> {
    return this.#run('read', chat, signal, () => this.#inner.findReplies(chat, messageId, signal));
  }

  findOwnTexts(chat: Peer, containing: string, sinceMs: number, signal: AbortSignal): Promise<OwnReply[]> {
    return this.#run('read', chat, signal, () => this.#inner.findOwnTexts(chat, containing, sinceMs, signal));
  }

  chatTitle(chat: Exclude<Peer, { kind: 'user' }>, signal: AbortSignal): Promise<string | undefined> {
    return this.#run('find', undefined, signal, () => this.#inner.chatTitle(chat, signal));
  }

  findChat(chat: Peer, messageId: number, signal: AbortSignal): Promise<Peer> {
    return this.#run('find', undefined, signal, () => this.#inner.findChat(chat, messageId, signal));
  }

  findPeer(id: Pick<Peer, 'kind' | 'id'>, signal: AbortSignal): Promise<Peer | undefined> {
    return this.#run('find', undefined, signal, () => this.#inner.findPeer(id, signal));
  }

  findChatByUsername(username: string, signal: AbortSignal): Promise<NamedChat | undefined> {
    return this.#run('find', undefined, signal, () => this.#inner.findChatByUsername(username, signal));
  }

  findPersonByUsername(username: string, signal: AbortSignal): Promise<Person | undefined> {
    return this.#run('find', undefined, signal, () => this.#inner.findPersonByUsername(username, signal));
  }

  findPersonById(id: string, signal: AbortSignal): Promise<Person | undefined> {
    return this.#run('find', undefined, signal, () => this.#inner.findPersonById(id, signal));
  }

  /** Measures the way, so it is not held up. */
  ping(signal: AbortSignal): Promise<number> {
    return this.#inner.ping(signal);
  }

  #run<T>(
    method: GovernedRequest['method'],
    chat: Peer | undefined,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const request: GovernedRequest = { method, urgency: this.#urgency, ...(chat === undefined ? {} : { chat }) };
    return this.#governor.run(request, work, signal);
  }
}

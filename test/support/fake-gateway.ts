import { PermanentError, RetryableError } from '../../src/errors.js';
import type { FormattedText } from '../../src/telegram/formatted-text.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { peerKey, type Peer } from '../../src/telegram/peer.js';
import type {
  NamedChat,
  OutgoingFile,
  OutgoingText,
  OwnReply,
  Person,
  SentMessage,
  TelegramGateway,
  VoiceLocation,
} from '../../src/telegram/telegram-gateway.js';

/** A chat that behaves as Telegram does towards one account: it takes each random id once. */
export class FakeGateway implements TelegramGateway {
  readonly self: Person = { peer: { kind: 'user', id: '1', accessHash: '1' }, name: 'Owner' };
  readonly messages = new Map<number, { text: string; replyTo?: number | undefined }>();
  /** By message: what was sent, and what is there to download. */
  readonly files = new Map<number, OutgoingFile['file']>();
  readonly chats: NamedChat[] = [];
  /** Message → the key of the chat that it was sent to. */
  readonly places = new Map<number, string>();
  readonly calls: string[] = [];
  readonly people: Person[] = [];
  readonly incoming = new Map<number, IncomingMessage>();
  /** Thrown by the next calls of a method, one each. `after`: it takes effect first, and the answer is lost. */
  readonly failures: { method: string; error: Error; after?: boolean }[] = [];
  #nextId = 100;
  readonly #byRandomId = new Map<string, number>();

  async downloadVoice({ messageId }: VoiceLocation): Promise<void> {
    await this.#call('download', String(messageId));
  }

  async sendText({ chat, text, replyToMessageId, randomId }: OutgoingText, _signal?: AbortSignal): Promise<SentMessage> {
    await this.#call('send', text.text);
    const known = this.#byRandomId.get(randomId);
    if (known !== undefined) return { messageId: known, alreadyStood: true };
    const messageId = this.#nextId++;
    this.#byRandomId.set(randomId, messageId);
    this.messages.set(messageId, { text: text.text, replyTo: replyToMessageId });
    this.places.set(messageId, peerKey(chat));
    await this.#call('send', 'applied', true);
    return { messageId, alreadyStood: false };
  }

  async sendFile({ file, caption, replyToMessageId, randomId }: OutgoingFile, _signal?: AbortSignal): Promise<SentMessage> {
    await this.#call('send-file', file.name);
    const known = this.#byRandomId.get(randomId);
    if (known !== undefined) return { messageId: known, alreadyStood: true };
    const messageId = this.#nextId++;
    this.#byRandomId.set(randomId, messageId);
    this.messages.set(messageId, { text: caption?.text ?? '', replyTo: replyToMessageId });
    this.files.set(messageId, file);
    return { messageId, alreadyStood: false };
  }

  async downloadFile(_chat: Peer, messageId: number): Promise<Uint8Array> {
    await this.#call('download-file', String(messageId));
    const file = this.files.get(messageId);
    if (file === undefined) throw new PermanentError('deleted', 'the message holds no file');
    return file.bytes;
  }

  async editText(_chat: Peer, messageId: number, text: FormattedText): Promise<void> {
    await this.#call('edit', text.text);
    this.messages.set(messageId, { ...this.messages.get(messageId), text: text.text });
  }

  async deleteMessages(_chat: Peer, messageIds: number[]): Promise<void> {
    await this.#call('delete', messageIds.join());
    for (const id of messageIds) this.messages.delete(id);
  }

  async sendTyping(): Promise<void> {
    await this.#call('typing', '');
  }

  getMessage(_chat: Peer, messageId: number): Promise<IncomingMessage | undefined> {
    return Promise.resolve(this.incoming.get(messageId));
  }

  async findReplies(_chat: Peer, messageId: number): Promise<OwnReply[]> {
    await this.#call('replies', String(messageId));
    const replies = [...this.messages].filter(([, { replyTo }]) => replyTo === messageId);
    return replies.map(([id, { text }]) => ({ messageId: id, text, collapsed: false }));
  }

  async findOwnTexts(_chat: Peer, containing: string): Promise<OwnReply[]> {
    await this.#call('own', containing);
    return [...this.messages].filter(([, { text }]) => text.includes(containing)).map(([id, { text }]) => ({ messageId: id, text, collapsed: false }));
  }

  chatTitle(chat: Peer): Promise<string | undefined> {
    return Promise.resolve(`Title of ${peerKey(chat)}`);
  }

  findChat(chat: Peer): Promise<Peer> {
    return Promise.resolve(chat);
  }

  /** Everybody is known, with an access hash of 1. */
  findPeer({ kind, id }: Pick<Peer, 'kind' | 'id'>): Promise<Peer | undefined> {
    return Promise.resolve(kind === 'group' ? { kind, id } : { kind, id, accessHash: '1' });
  }

  findChatByUsername(username: string): Promise<NamedChat | undefined> {
    return Promise.resolve(this.chats.find(({ title }) => title === username));
  }

  findPersonByUsername(username: string): Promise<Person | undefined> {
    return Promise.resolve(this.people.find((person) => person.username === username));
  }

  findPersonById(id: string): Promise<Person | undefined> {
    return Promise.resolve(this.people.find((person) => person.peer.id === id));
  }

  async ping(): Promise<number> {
    await this.#call('ping', '');
    return 42;
  }

  /** Telegram's memory of random ids has run out. */
  forgetRandomIds(): void {
    this.#byRandomId.clear();
  }

  texts(): string[] {
    return [...this.messages.values()].map(({ text }) => text);
  }

  async #call(method: string, about: string, after = false): Promise<void> {
    if (!after) this.calls.push(`${method} ${about}`.trim());
    const index = this.failures.findIndex((failure) => failure.method === method && (failure.after ?? false) === after);
    const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
    await Promise.resolve();
    if (failure !== undefined) throw failure.error;
  }
}

export function lostAnswer(): RetryableError {
  return new RetryableError('the connection broke');
}

import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { errorText, OfflineError, TelegramWaitError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { AddressBook, personOf } from './address-book.js';
import { eventsOfAnswer } from './answer-events.js';
import type { TelegramApp } from './client-link.js';
import { ConnectionCycle, defaultTimeouts, type GatewayTimeouts } from './connection-cycle.js';
import type { DownloadDeps } from './download-document.js';
import { downloadFile } from './download-file.js';
import { downloadVoice } from './download-voice.js';
import { findChat, type FindChatDeps } from './find-chat.js';
import { chatTitle } from './chat-title.js';
import { findOwnTexts } from './find-own-texts.js';
import { findChatByUsername, findPeer, findPersonById, findPersonByUsername } from './find-peer.js';
import { findReplies } from './find-replies.js';
import type { FormattedText } from './formatted-text.js';
import type { IncomingMessage } from './incoming-message.js';
import { inputChannel, inputPeer } from './input-peer.js';
import { reachDataCentre } from './reach-data-centre.js';
import { isEdited, lacksAccess, mapMessage } from './map-message.js';
import { newsOf, placeOf } from './map-place.js';
import { messageUpdateOf } from './map-update.js';
import type { Peer } from './peer.js';
import {
  type DifferenceDeps,
  requestChannelDifference,
  requestDifference,
  requestState,
} from './request-difference.js';
import { requestDialogs } from './request-dialogs.js';
import { type Call, requestMessage } from './request-messages.js';
import { searchVoices } from './search-voices.js';
import { sendFile } from './send-file.js';
import { editText, type SendDeps, sendText } from './send-text.js';
import { parseSessionString } from './session-string.js';
import type {
  NamedChat,
  OutgoingFile,
  OutgoingText,
  OwnReply,
  Person,
  SentMessage,
  TelegramGateway,
  VoiceLocation,
} from './telegram-gateway.js';
import type {
  ChannelDifference,
  ChannelPeer,
  CommonState,
  Dialog,
  Difference,
  OwnWriting,
  UpdateListener,
  UpdateSource,
  VoiceSearch,
} from './update-source.js';

export interface GramjsGatewayOptions extends TelegramApp {
  accountId: string;
  /** The string session of the account. Used, never written: every connection starts from this one. */
  session: string;
  log: Logger;
  /** Who is told of every new or edited message of other people and of the owner's other devices; asked when needed. */
  updates: () => UpdateListener;
  timeouts?: Partial<GatewayTimeouts>;
  /** Looked at before every request; throws where none may go out now. */
  permit?: () => void;
  /** Monotonic, ms. */
  now?: () => number;
}

/**
 * One account at Telegram through GramJS. It connects when told to and never by itself: `connect`, then `untilLost`,
 * then `disconnect`, over and over, is the supervisor's loop. Between two connections every method rejects with
 * `OfflineError`.
 */
export class GramjsGateway implements TelegramGateway, UpdateSource {
  private readonly session: string;
  private readonly timeouts: GatewayTimeouts;
  private readonly book = new AddressBook();
  private readonly foreignSessions = new Map<number, string>();
  private cycle: ConnectionCycle | undefined;
  private me: Person | undefined;
  private provenAtMs: number | undefined;
  /** Before this time Telegram wants no messages read one by one. */
  private readAgainAtMs = 0;

  /** `ConfigError` where the session is none: the library would fail at it on every connection, and nobody would know why. */
  constructor(private readonly options: GramjsGatewayOptions) {
    this.session = parseSessionString(options.session);
    this.timeouts = { ...defaultTimeouts, ...options.timeouts };
  }

  get self(): Person {
    if (this.me === undefined) throw new OfflineError('who is signed in is known once connected');
    return this.me;
  }

  /**
   * Makes one connection; resolves when updates flow and `self` is known. `RetryableError` where Telegram cannot be
   * reached, `AccountStoppedError` where it does not accept the session any more. A connection that stood before is
   * ended first, one that failed is ended at once.
   */
  async connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const previous = this.cycle;
    this.provenAtMs = previous?.provenAtMs ?? this.provenAtMs;
    const { apiId, apiHash, testDc, ways, log } = this.options;
    const early: unknown[] = [];
    let take = (update: unknown): void => void early.push(update);
    const cycle = new ConnectionCycle({
      app: { apiId, apiHash, testDc, ways },
      session: this.session,
      timeouts: this.timeouts,
      log,
      foreignSessions: this.foreignSessions,
      permit: this.options.permit ?? (() => undefined),
      onEntities: (value) => this.book.learn(value),
      onUpdate: (update) => take(update),
      probe: (current) => this.options.updates().probe(this.timeouts.probeDeadlineMs, current.over),
    });
    // Before the first wait, so that a `disconnect` during any of them ends this connection.
    this.cycle = cycle;
    try {
      await previous?.end();
      this.me = personOf(await cycle.start(signal));
    } catch (error) {
      await cycle.end();
      throw error;
    }
    take = (update) => this.take(cycle, update);
    early.forEach(take);
    this.options.updates().onConnected(cycle.over);
  }

  /** For how long no probe was answered, over all connections, ms; undefined before the first answer. */
  get unprovenForMs(): number | undefined {
    const atMs = this.cycle?.provenAtMs ?? this.provenAtMs;
    return atMs === undefined ? undefined : performance.now() - atMs;
  }

  /** Rejects when the connection is lost (`RetryableError`) or the account stopped; never resolves. */
  async untilLost(signal: AbortSignal): Promise<never> {
    return await this.current().untilOver(signal);
  }

  /** Ends the connection and everything that belongs to it, within `disconnectMs`. Idempotent, safe at any time. */
  async disconnect(): Promise<void> {
    await this.cycle?.end();
  }

  /** Resolves where the account's data centre answers at all; a connection of its own, without the account. */
  async reach(signal: AbortSignal): Promise<void> {
    const { log } = this.options;
    await reachDataCentre({ app: this.options, session: this.session, deadlineMs: this.timeouts.reachMs, log }, signal);
  }

  /** The next connection makes new keys at the other data centres, which otherwise outlive connections. */
  forget(): void {
    this.foreignSessions.clear();
  }

  async downloadVoice(location: VoiceLocation, path: string, maxBytes: number, signal: AbortSignal): Promise<void> {
    await downloadVoice(this.downloadDeps(), location, { path, maxBytes }, signal);
  }

  async downloadFile(chat: Peer, messageId: number, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    return await downloadFile(this.downloadDeps(), { chat, messageId, maxBytes }, signal);
  }

  async sendText(message: OutgoingText, signal: AbortSignal): Promise<SentMessage> {
    const { chat, text, randomId } = message;
    return await this.writing({ chat, text: text.text, randomId }, () => sendText(this.sendDeps(), message, signal));
  }

  async sendFile(message: OutgoingFile, signal: AbortSignal): Promise<SentMessage> {
    const cycle = this.current();
    const callPart: Call = (request, until) => cycle.call(request, until, this.timeouts.chunkMs);
    const { chat, caption, randomId } = message;
    const send = (): Promise<SentMessage> => sendFile({ ...this.sendDeps(), callPart }, message, signal);
    return await this.writing({ chat, text: caption?.text ?? '', randomId }, send);
  }

  async editText(chat: Peer, messageId: number, text: FormattedText, signal: AbortSignal): Promise<void> {
    this.options.updates().onWriting({ chat, text: text.text, messageId });
    await editText(this.call, { chat, messageId, text }, signal);
  }

  async deleteMessages(chat: Peer, messageIds: number[], signal: AbortSignal): Promise<void> {
    if (chat.kind === 'channel') {
      await this.call(new Api.channels.DeleteMessages({ channel: inputChannel(chat), id: messageIds }), signal);
    } else {
      await this.call(new Api.messages.DeleteMessages({ id: messageIds, revoke: true }), signal);
    }
  }

  async sendTyping(chat: Peer, signal: AbortSignal): Promise<void> {
    const action = new Api.SendMessageTypingAction();
    await this.call(new Api.messages.SetTyping({ peer: inputPeer(chat), action }), signal);
  }

  async getMessage(chat: Peer, messageId: number, signal: AbortSignal): Promise<IncomingMessage | undefined> {
    const message = await requestMessage(this.call, chat, messageId, signal);
    return message && this.map(message, isEdited(message));
  }

  async findReplies(chat: Peer, messageId: number, signal: AbortSignal): Promise<OwnReply[]> {
    return await findReplies(this.sendDeps(), { chat, messageId }, signal);
  }

  async findOwnTexts(chat: Peer, containing: string, sinceMs: number, signal: AbortSignal): Promise<OwnReply[]> {
    return await findOwnTexts(this.sendDeps(), { chat, containing, sinceMs }, signal);
  }

  async chatTitle(chat: Exclude<Peer, { kind: 'user' }>, signal: AbortSignal): Promise<string | undefined> {
    return await chatTitle(this.bookDeps(), chat, signal);
  }

  async findChat(chat: Peer, messageId: number, signal: AbortSignal): Promise<Peer> {
    return await findChat(this.bookDeps(), { chat, messageId }, signal);
  }

  async findPeer(id: Pick<Peer, 'kind' | 'id'>, signal: AbortSignal): Promise<Peer | undefined> {
    return await findPeer({ ...this.bookDeps(), selfId: this.self.peer.id }, id, signal);
  }

  async findChatByUsername(username: string, signal: AbortSignal): Promise<NamedChat | undefined> {
    return await findChatByUsername(this.bookDeps(), username, signal);
  }

  async findPersonByUsername(username: string, signal: AbortSignal): Promise<Person | undefined> {
    return await findPersonByUsername(this.bookDeps(), username, signal);
  }

  async findPersonById(id: string, signal: AbortSignal): Promise<Person | undefined> {
    return await findPersonById(this.bookDeps(), id, signal);
  }

  async ping(signal: AbortSignal): Promise<number> {
    const now = this.options.now ?? (() => performance.now());
    const startedMs = now();
    await this.call(new Api.Ping({ pingId: returnBigInt(Math.trunc(startedMs)) }), signal);
    return now() - startedMs;
  }

  async serverTimeSec(signal: AbortSignal): Promise<number> {
    return (await this.call(new Api.help.GetConfig(), signal)).date;
  }

  async currentState(signal: AbortSignal): Promise<CommonState> {
    return await requestState(this.call, signal);
  }

  async difference(since: CommonState, signal: AbortSignal, deadlineMs?: number): Promise<Difference> {
    return await requestDifference(this.missedDeps(deadlineMs), since, signal);
  }

  async channelDifference(channel: ChannelPeer, pts: number, signal: AbortSignal): Promise<ChannelDifference> {
    return await requestChannelDifference(this.missedDeps(), channel, pts, signal);
  }

  async dialogs(sinceSec: number, limit: number, signal: AbortSignal): Promise<Dialog[]> {
    return await requestDialogs(this.missedDeps(), { sinceSec, limit }, signal);
  }

  async searchVoices(search: VoiceSearch, signal: AbortSignal): Promise<IncomingMessage[]> {
    return await searchVoices(this.missedDeps(), search, signal);
  }

  private readonly call: Call = async (request, signal) => await this.ask(request, signal);

  private async ask<R extends Api.AnyRequest>(
    request: R,
    signal: AbortSignal,
    deadlineMs?: number,
  ): Promise<R['__response']> {
    const answer = await this.current().call(request, signal, deadlineMs);
    for (const event of eventsOfAnswer(request, answer, this.book)) this.options.updates().onEvent(event);
    return answer;
  }

  /** Written down before it is sent: it may come back as an update before the answer does. */
  private async writing(writing: OwnWriting, send: () => Promise<SentMessage>): Promise<SentMessage> {
    this.options.updates().onWriting(writing);
    const sent = await send();
    this.options.updates().onWritten(writing, sent.messageId);
    return sent;
  }

  private bookDeps(): FindChatDeps {
    return { call: this.call, book: this.book };
  }

  private sendDeps(): SendDeps {
    return { call: this.call, selfId: this.self.peer.id };
  }

  private downloadDeps(): DownloadDeps {
    const cycle = this.current();
    const callAt: DownloadDeps['callAt'] = (dcId, request, until) => cycle.callAt(dcId, request, until);
    return { call: this.call, callAt };
  }

  private missedDeps(deadlineMs?: number): DifferenceDeps {
    return {
      call: (request, signal) => this.ask(request, signal, deadlineMs),
      book: this.book,
      selfId: this.self.peer.id,
      map: (message) => this.mapMissed(message),
    };
  }

  /** A message as it is by now. A voice is taken whatever was done to its caption since; an edited command is not run. */
  private mapMissed(message: Api.TypeMessage): IncomingMessage | undefined {
    try {
      const mapped = this.map(message, message instanceof Api.Message && isEdited(message));
      return mapped?.voice === undefined ? mapped : { ...mapped, edited: false };
    } catch (error) {
      this.options.log.warn({ reason: errorText(error) }, 'a message could not be read');
      return undefined;
    }
  }

  private current(): ConnectionCycle {
    if (this.cycle === undefined) throw new OfflineError('not connected to Telegram');
    return this.cycle;
  }

  private map(message: Api.TypeMessage, edited: boolean): IncomingMessage | undefined {
    return mapMessage(message, edited, {
      accountId: this.options.accountId,
      selfId: this.self.peer.id,
      book: this.book,
    });
  }

  private take(cycle: ConnectionCycle, update: unknown): void {
    if (cycle.over.aborted || typeof update !== 'object' || update === null) return;
    const updates = this.options.updates();
    const news = newsOf(update, this.book);
    if (news !== undefined) updates.onNews(news);
    const placed = placeOf(update, this.book);
    const message = this.messageIn(update);
    if (placed.place === undefined && message === undefined) return;
    updates.onEvent({ ...placed, ...(message === undefined ? {} : { message: this.answerable(message, cycle.over) }) });
  }

  private messageIn(update: object): IncomingMessage | undefined {
    try {
      const found = messageUpdateOf(update, this.self.peer.id);
      return found && this.map(found.message, found.edited);
    } catch (error) {
      this.options.log.warn({ reason: errorText(error) }, 'an update could not be taken');
      return undefined;
    }
  }

  private answerable(message: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    return lacksAccess(message.chat) ? this.withAccess(message, signal) : Promise.resolve(message);
  }

  /**
   * Short updates bring no people along. Reading the message again does, and makes its chat one that can be answered;
   * where that fails the message is handed on as it came.
   */
  private async withAccess(message: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    const { chat, messageId, edited } = message;
    if (performance.now() < this.readAgainAtMs) return message;
    try {
      const again = await requestMessage(this.call, chat, messageId, signal);
      return (again && this.map(again, edited)) ?? message;
    } catch (error) {
      if (error instanceof TelegramWaitError) this.readAgainAtMs = performance.now() + error.retryAfterMs;
      this.options.log.debug({ reason: errorText(error), messageId }, 'a chat that cannot be answered yet');
      return message;
    }
  }
}

import { AccountStoppedError, errorText, PermanentError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import type { LoadedCursor, UpdateCursor } from '../store/update-state.js';
import type { Clock } from '../supervisor/clock.js';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import { peerKey, type Peer } from '../telegram/peer.js';
import type {
  ChannelPeer,
  CommonState,
  Dialog,
  LineId,
  LiveEvent,
  News,
  UpdateListener,
  UpdateSource,
} from '../telegram/update-source.js';
import type { Origin } from './intake.js';
import type { ServerClock } from './server-clock.js';
import { UpdateLine } from './update-line.js';

export interface ReconcilerDependencies {
  source: UpdateSource;
  store: { load(): Promise<LoadedCursor>; save(serverRun: string, cursor: UpdateCursor): Promise<boolean> };
  intake: { take(message: IncomingMessage, origin: Origin): Promise<boolean>; ignore(chat: Peer, messageId: number): void };
  /** Whether voices of this private chat can be of interest: where Telegram has forgotten, only such chats are searched. */
  concerns(chat: Peer): Promise<boolean>;
  /** Everything that was missed is in the queue, or set aside. */
  onCaughtUp(): void;
  serverClock: ServerClock;
  clock: Clock;
  log: Logger;
}

/** So long a missing event may still come by itself: Telegram's own advice is half a second. */
const GAP_PATIENCE_MS = 1000;
/** Writing down how far we are costs Redis one command, however much has happened. */
const SAVE_EVERY_MS = 1000;
const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 60_000;
/** Between two requests of a long catching up, so that it looks like a person's device. */
const PAUSE_MS = 200;
const MAX_DIALOGS = 500;
/** The list of chats is looked at now and then, in case Telegram did not say that a supergroup has news. */
const DIALOGS_EVERY_MS = 15 * 60_000;

interface Channel {
  line: UpdateLine;
  /** Undefined until Telegram has shown it. */
  accessHash: string | undefined;
  /** Met while it was unknown what had been said there before: not to be stored until that has been searched for. */
  unsearched: boolean;
}

/**
 * Sees to it that no message is missed. Live updates are handed on at once, in whatever order they come; beside that it
 * keeps for each line how far it is known without a gap (`UpdateLine`), and fetches what is missing: at the start, after
 * each reconnect, with each probe, on a gap, and where Telegram says that there is more. What is stored is only ever how
 * far everything is durable, so whatever ends this process, the next one begins where nothing is lost.
 */
export class Reconciler implements UpdateListener {
  readonly #deps: ReconcilerDependencies;
  readonly #stopping = sharedAbort();
  #serverRun = '';
  /** Undefined until the cursor is known; what comes before that is handed on, and found again by the difference. */
  #common: { line: UpdateLine; state: CommonState } | undefined;
  /** Up to this time all lines are caught up with. */
  #completeToSec = 0;
  readonly #channels = new Map<string, Channel>();
  readonly #lastSeen = new Map<string, number>();
  readonly #watchedGaps = new Set<UpdateLine>();
  #dialogsAtMs = 0;
  #recovered = { messages: 0, voices: 0 };
  /** Counts the losses of Redis: what was begun before one proves nothing after it. */
  #epoch = 0;
  #due = { reload: true, common: false, dialogs: false, channels: new Set<string>() };
  #wake: () => void = () => undefined;
  #saving: Promise<void> | undefined;
  #saveTimer: Promise<void> | undefined;

  constructor(deps: ReconcilerDependencies) {
    this.#deps = deps;
  }

  onEvent({ place, channel, message }: LiveEvent): void {
    if (place === undefined) {
      if (message !== undefined) void this.#hand(message);
      return;
    }
    const line = this.#lineOf(place.line, place.pts - place.ptsCount, channel);
    const before = place.pts - place.ptsCount;
    if (message !== undefined) void this.#hand(message, line && { line, before, pts: place.pts });
    if (line === undefined) return;
    line.cover(before, place.pts);
    if (line.hasGap) void this.#watchGap(place.line, line);
    this.#saveSoon();
  }

  onNews({ line: id, pts, channel }: News): void {
    if (id === 'common') this.#due.common = true;
    else if (pts === undefined && !this.#channels.has(id.slice(1))) this.#due.dialogs = true;
    else {
      const line = this.#lineOf(id, pts ?? 0, channel);
      if (pts !== undefined) line?.hear(pts);
      if (pts === undefined || line?.hasGap === true) this.#due.channels.add(id.slice(1));
    }
    this.#wake();
  }

  onSent(chat: Peer, messageId: number): void {
    this.#deps.intake.ignore(chat, messageId);
  }

  onConnected(signal: AbortSignal): void {
    this.#due.common = true;
    this.#due.dialogs = true;
    void this.#run(AbortSignal.any([signal, this.#stopping.signal]));
  }

  async probe(deadlineMs: number, signal: AbortSignal): Promise<void> {
    const { source } = this.#deps;
    if (this.#common === undefined) {
      await source.currentState(signal);
      return;
    }
    const answer = await source.difference(this.#commonState(), signal, deadlineMs);
    if (answer.kind === 'empty') this.#hearTime(answer.dateSec);
    else this.#due.common = true;
    if (this.#deps.clock.nowMs() - this.#dialogsAtMs > DIALOGS_EVERY_MS) this.#due.dialogs = true;
    this.#saveSoon();
    this.#wake();
  }

  /** Redis may have lost what it was told last, or refused it: goes back to what it has, and catches up from there. */
  reload(): void {
    this.#due.reload = true;
    this.#wake();
  }

  /** Ends everything and writes down how far it is; to be called when the intake has drained. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await this.#saving;
    await this.#save();
  }

  /** Live voices are handed on at once; the line's stored state waits for them. */
  async #hand(
    coming: Promise<IncomingMessage>,
    at?: { line: UpdateLine; before: number; pts: number },
  ): Promise<void> {
    const release = at?.line.hold(at.before);
    const message = await coming;
    try {
      const taken = await this.#deps.intake.take(message, 'live');
      if (taken) at?.line.note(at.pts, peerKey(message.chat), message.messageId);
    } catch (error) {
      // The intake has said why. The line stays where it is until the message is fetched again.
      this.#deps.log.debug({ reason: errorText(error) }, 'a voice is to be fetched again');
      return;
    }
    release?.();
    this.#saveSoon();
  }

  /** The line, begun at `pts` where it is met for the first time; undefined where nothing is known yet. */
  #lineOf(id: LineId, pts: number, channel?: ChannelPeer): UpdateLine | undefined {
    if (id === 'common' || this.#common === undefined) return id === 'common' ? this.#common?.line : undefined;
    const channelId = id.slice(1);
    const known = this.#channels.get(channelId);
    if (known !== undefined) return known.line;
    const line = new UpdateLine(pts);
    this.#channels.set(channelId, { line, accessHash: channel?.accessHash, unsearched: true });
    this.#due.channels.add(channelId);
    if (channel === undefined) this.#due.dialogs = true;
    this.#wake();
    return line;
  }

  /** A gap that does not fill by itself is asked for. */
  async #watchGap(id: LineId, line: UpdateLine): Promise<void> {
    if (this.#watchedGaps.has(line)) return;
    this.#watchedGaps.add(line);
    try {
      for (let pts = -1; line.hasGap && line.pts !== pts; ) {
        pts = line.pts;
        await this.#deps.clock.sleep(GAP_PATIENCE_MS, this.#stopping.signal);
      }
    } catch {
      // The daemon is stopping.
      return;
    } finally {
      this.#watchedGaps.delete(line);
    }
    if (!line.hasGap) return;
    if (id === 'common') this.#due.common = true;
    else this.#due.channels.add(id.slice(1));
    this.#wake();
  }

  /** One connection's catching up: does what is due, and waits for more. */
  async #run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#catchUp(signal);
        failures = 0;
        await this.#untilWoken(signal);
      } catch (error) {
        if (signal.aborted || error instanceof AccountStoppedError) return;
        failures += 1;
        const toldMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
        const delayMs = toldMs ?? Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_MAX_MS);
        log.warn({ err: error, delayMs }, `catching up did not succeed, again in ${Math.round(delayMs / 1000)} s: ${errorText(error)}`);
        await clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
  }

  #untilWoken(signal: AbortSignal): Promise<void> {
    const { reload, common, dialogs, channels } = this.#due;
    if (reload || common || dialogs || channels.size > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      this.#wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
    });
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    if (this.#due.reload) await this.#reload(signal);
    const { common, dialogs } = this.#due;
    if (common) await this.#catchUpCommon(signal);
    if (dialogs) await this.#catchUpDialogs(signal);
    for (const id of this.#due.channels) {
      await this.#containing(`c${id}`, () => this.#catchUpChannel(id, signal));
      if (this.#due.channels.size > 0) await this.#deps.clock.sleep(PAUSE_MS, signal);
    }
    if (this.#due.reload || this.#common === undefined) return;
    const lines = [this.#common.line, ...[...this.#channels.values()].map(({ line }) => line)];
    if (lines.every(({ isSettled }) => isSettled)) this.#completeToSec = this.#common.state.dateSec;
    this.#saveSoon();
    this.#reportRecovered();
    this.#deps.onCaughtUp();
  }

  /** What cannot be asked of one chat must not keep the others from being caught up with. */
  async #containing(chat: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      this.#deps.log.warn({ err: error, chat }, `a chat could not be caught up with: ${errorText(error)}`);
      this.#due.channels.delete(chat.slice(1));
    }
  }

  #reportRecovered(): void {
    const { messages, voices } = this.#recovered;
    if (messages > 0) this.#deps.log.info({ messages, voices }, 'caught up with what came without a connection');
    this.#recovered = { messages: 0, voices: 0 };
  }

  /** From the stored cursor; where there never was one nothing is recovered, and everything from now on is. */
  async #reload(signal: AbortSignal): Promise<void> {
    const { source, store } = this.#deps;
    this.#due.reload = false;
    try {
      const { serverRun, cursor } = await store.load();
      this.#serverRun = serverRun;
      this.#epoch += 1;
      if (cursor !== undefined) this.#goBackTo(cursor);
      else if (this.#common === undefined) await this.#begin(await source.currentState(signal), signal);
    } catch (error) {
      this.#due.reload = true;
      throw error;
    }
    this.#due.common = true;
    this.#due.dialogs = true;
  }

  #goBackTo({ common, channels, lastSeen }: UpdateCursor): void {
    if (this.#common === undefined) this.#common = { line: new UpdateLine(common.pts), state: common };
    else this.#common.line.rewind(common.pts);
    this.#completeToSec = common.dateSec;
    for (const [id, { pts, accessHash }] of channels) {
      const known = this.#channels.get(id);
      if (known === undefined) this.#channels.set(id, { line: new UpdateLine(pts), accessHash, unsearched: false });
      else known.line.rewind(pts);
    }
    for (const id of this.#channels.keys()) if (!channels.has(id)) this.#channels.delete(id);
    this.#lastSeen.clear();
    for (const [chat, messageId] of lastSeen) this.#lastSeen.set(chat, messageId);
  }

  async #begin(state: CommonState, signal: AbortSignal): Promise<void> {
    for (const dialog of await this.#deps.source.dialogs(0, MAX_DIALOGS, signal)) {
      if (dialog.chat.kind !== 'channel' || dialog.pts === undefined) continue;
      const { id, accessHash } = dialog.chat;
      this.#channels.set(id, { line: new UpdateLine(dialog.pts), accessHash, unsearched: false });
    }
    this.#hearTime(state.dateSec);
    this.#completeToSec = state.dateSec;
    this.#common = { line: new UpdateLine(state.pts), state };
    await this.#save();
  }

  async #catchUpCommon(signal: AbortSignal): Promise<void> {
    const { source, log } = this.#deps;
    for (;;) {
      const common = this.#common;
      if (common === undefined || this.#due.reload) return;
      const epoch = this.#epoch;
      this.#due.common = false;
      const { pts: from, furthest } = common.line;
      try {
        const answer = await source.difference(this.#commonState(), signal);
        if (answer.kind === 'empty') {
          this.#hearTime(answer.dateSec);
          // Whatever made it look like a gap before the question, Telegram knows of nothing after this.
          if (common.line.furthest === furthest && epoch === this.#epoch) common.line.jump(from);
          return;
        }
        if (answer.kind === 'too-long') {
          log.warn('Telegram no longer knows what happened since; the chats are searched for voices');
          const state = await source.currentState(signal);
          await this.#searchChats(signal);
          if (epoch !== this.#epoch) continue;
          common.line.jump(state.pts);
          common.state = { ...state, dateSec: common.state.dateSec };
          this.#due.dialogs = true;
          continue;
        }
        answer.news.forEach((news) => this.onNews(news));
        await this.#takeAll(answer.messages);
        if (epoch !== this.#epoch) continue;
        common.line.cover(from, answer.state.pts);
        common.state = answer.state;
        this.#hearTime(answer.state.dateSec);
        this.#saveSoon();
        if (answer.isLast) return;
      } catch (error) {
        this.#due.common = true;
        throw error;
      }
    }
  }

  /** Which supergroups were spoken in, and which are new. */
  async #catchUpDialogs(signal: AbortSignal): Promise<void> {
    this.#due.dialogs = false;
    this.#dialogsAtMs = this.#deps.clock.nowMs();
    try {
      for (const { chat, pts } of await this.#deps.source.dialogs(this.#completeToSec, MAX_DIALOGS, signal)) {
        if (chat.kind !== 'channel' || pts === undefined) continue;
        this.#lineOf(`c${chat.id}`, pts, chat)?.hear(pts);
        const known = this.#channels.get(chat.id);
        if (known === undefined) continue;
        known.accessHash = chat.accessHash;
        if (known.line.hasGap) this.#due.channels.add(chat.id);
      }
    } catch (error) {
      this.#due.dialogs = true;
      throw error;
    }
  }

  async #catchUpChannel(id: string, signal: AbortSignal): Promise<void> {
    const { source } = this.#deps;
    for (;;) {
      const channel = this.#channels.get(id);
      const epoch = this.#epoch;
      if (this.#due.reload) return;
      if (channel?.accessHash === undefined) {
        // Gone, or a place that is not among the account's chats.
        this.#channels.delete(id);
        this.#due.channels.delete(id);
        return;
      }
      const { line, accessHash } = channel;
      const chat: ChannelPeer = { kind: 'channel', id, accessHash };
      if (channel.unsearched) {
        await this.#search(chat, signal);
        if (epoch !== this.#epoch) continue;
        channel.unsearched = false;
      }
      const { pts: from, furthest } = line;
      const answer = await source.channelDifference(chat, from, signal);
      if (answer.kind === 'gone') {
        this.#channels.delete(id);
      } else if (answer.kind === 'too-long') {
        await this.#search(chat, signal);
        if (epoch !== this.#epoch) continue;
        line.jump(answer.pts);
      } else {
        await this.#takeAll(answer.messages);
        if (epoch !== this.#epoch) continue;
        line.cover(from, answer.pts);
        if (!answer.isLast) continue;
        if (line.furthest === furthest) line.jump(line.pts);
      }
      this.#due.channels.delete(id);
      this.#saveSoon();
      return;
    }
  }

  /** The chats of the common line in which anything was said since all was known last. */
  async #searchChats(signal: AbortSignal): Promise<void> {
    const { source, concerns, clock } = this.#deps;
    for (const { chat } of await source.dialogs(this.#completeToSec, MAX_DIALOGS, signal)) {
      if (chat.kind === 'channel' || (chat.kind === 'user' && !(await concerns(chat)))) continue;
      await this.#containing(peerKey(chat), () => this.#search(chat, signal));
      await clock.sleep(PAUSE_MS, signal);
    }
  }

  async #search(chat: Dialog['chat'], signal: AbortSignal): Promise<void> {
    const key = peerKey(chat);
    const aboveId = this.#lastSeen.get(key) ?? 0;
    const epoch = this.#epoch;
    const messages = await this.#deps.source.searchVoices({ chat, aboveId, sinceSec: this.#completeToSec }, signal);
    await this.#takeAll(messages);
    const last = messages.at(-1);
    if (last !== undefined && epoch === this.#epoch) this.#lastSeen.set(key, Math.max(aboveId, last.messageId));
  }

  /** One after another, so that only one waits in memory where Redis takes none. */
  async #takeAll(messages: readonly IncomingMessage[]): Promise<void> {
    for (const message of messages) {
      this.#recovered.messages += 1;
      if (await this.#deps.intake.take(message, 'recovered')) this.#recovered.voices += 1;
    }
  }

  #hearTime(dateSec: number): void {
    if (this.#common !== undefined) this.#common.state = { ...this.#common.state, dateSec };
    this.#deps.serverClock.learn(dateSec);
  }

  #commonState(): CommonState {
    if (this.#common === undefined) throw new RetryableError('the state of the updates is not known yet');
    return { ...this.#common.state, pts: this.#common.line.pts };
  }

  #saveSoon(): void {
    if (this.#saveTimer !== undefined || this.#stopping.signal.aborted) return;
    this.#saveTimer = this.#deps.clock
      .sleep(SAVE_EVERY_MS, this.#stopping.signal)
      .then(
        () => this.#save(),
        () => undefined, // Stopping saves.
      )
      .finally(() => (this.#saveTimer = undefined));
  }

  /** Never rejects: what could not be written is written the next time. */
  #save(): Promise<void> {
    this.#saving ??= this.#write()
      .catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, `how far the updates are taken in could not be written: ${errorText(error)}`);
      })
      .finally(() => (this.#saving = undefined));
    return this.#saving;
  }

  async #write(): Promise<void> {
    const cursor = this.#cursor();
    if (cursor === undefined) return;
    if (await this.#deps.store.save(this.#serverRun, cursor)) return;
    this.#deps.log.warn('Redis was started anew and may have lost its last second: catching up from what it has');
    this.reload();
  }

  #cursor(): UpdateCursor | undefined {
    if (this.#common === undefined || this.#due.reload) return undefined;
    const { line, state } = this.#common;
    const channels: UpdateCursor['channels'] = new Map();
    for (const [id, channel] of this.#channels) {
      const { line: each, accessHash, unsearched } = channel;
      if (!unsearched && accessHash !== undefined) channels.set(id, { pts: each.durablePts, accessHash });
    }
    for (const each of [line, ...[...this.#channels.values()].map((channel) => channel.line)]) {
      for (const [chat, id] of each.takeNotes()) this.#lastSeen.set(chat, Math.max(this.#lastSeen.get(chat) ?? 0, id));
    }
    const common = { ...state, pts: line.durablePts, dateSec: this.#completeToSec };
    return { common, channels, lastSeen: new Map(this.#lastSeen) };
  }
}

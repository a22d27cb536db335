import { AccountStoppedError, errorText, NotNowError, RetryableError } from '../errors.js';
import { withLinkedAbort } from '../linked-abort.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import type { UpdateCursor } from '../store/update-state.js';
import { doublingMs } from '../supervisor/backoff.js';
import type { Clock } from '../supervisor/clock.js';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import { peerKey, type Peer } from '../telegram/peer.js';
import type { ChannelPeer, LineId, LiveEvent, News, OwnWriting, UpdateListener, UpdateSource } from '../telegram/update-source.js';
import { CatchUp, MAX_DIALOGS } from './catch-up.js';
import { CursorKeeper, type CursorKeeperDependencies } from './cursor-keeper.js';
import { Due } from './due.js';
import type { Origin } from './origin.js';
import type { MessageVersions } from './message-versions.js';
import { KnownUpdates } from './known-updates.js';
import type { ServerClock } from './server-clock.js';
import type { UpdateLine } from './update-line.js';

export interface ReconcilerDependencies {
  source: UpdateSource;
  store: CursorKeeperDependencies['store'];
  intake: { take(message: IncomingMessage, origin: Origin): Promise<boolean>; versions: Pick<MessageVersions, 'writes' | 'wrote'> };
  /** Whether voices of this private chat can be of interest: where Telegram has forgotten, only such chats are searched. */
  concerns: (chat: Peer) => Promise<boolean>;
  /** Everything that was missed is in the queue, or set aside. */
  onCaughtUp: () => void;
  serverClock: ServerClock;
  clock: Clock;
  log: Logger;
}

/** So long a missing event may still come by itself: Telegram's own advice is half a second. */
const GAP_PATIENCE_MS = 1000;
const RETRY = { firstMs: 500, maxMs: 60_000 };
/** Redis loses a second or two; a store that is empty after this was emptied by somebody. */
const YOUNG_MS = 60_000;
/** The list of chats is looked at now and then, in case Telegram did not say that a supergroup has news. */
const DIALOGS_EVERY_MS = 15 * 60_000;

/**
 * Sees to it that no message is missed. Live updates are handed on at once, in whatever order they come; beside that it
 * keeps for each line how far it is known without a gap (`UpdateLine`), and fetches what is missing (`CatchUp`): at the
 * start, after each reconnect, with each probe, on a gap, and where Telegram says that there is more. What is stored
 * (`CursorKeeper`) is only ever how far everything is durable, so whatever ends this process, the next one begins where
 * nothing is lost.
 */
export class Reconciler implements UpdateListener {
  readonly #deps: ReconcilerDependencies;
  readonly #stopping = sharedAbort();
  readonly #known = new KnownUpdates();
  readonly #due = new Due();
  readonly #catchUp: CatchUp;
  readonly #keeper: CursorKeeper;
  readonly #watchedGaps = new Set<UpdateLine>();
  #running = Promise.resolve();
  #dialogsAtMs = 0;
  /** Where this process began, if it was the first ever. */
  #beginning: { cursor: UpdateCursor; atMs: number } | undefined;
  #timedConnection: AbortSignal | undefined;

  constructor(deps: ReconcilerDependencies) {
    this.#deps = deps;
    const { store, clock, log } = deps;
    const [known, due] = [this.#known, this.#due];
    this.#keeper = new CursorKeeper({
      store,
      cursor: () => (due.reload ? undefined : known.cursor()),
      onLoss: () => this.reload(),
      clock,
      log,
    });
    const onNews = (news: News): void => this.onNews(news);
    this.#catchUp = new CatchUp({ ...deps, known, due, onNews, onProgress: () => this.#saveSoon() });
  }

  onEvent({ place, channel, message }: LiveEvent): void {
    if (place === undefined) {
      if (message !== undefined) void this.#hand(message);
      return;
    }
    const { line: id, pts, ptsCount } = place;
    const before = pts - ptsCount;
    const line = this.#lineOf(id, before, channel);
    if (message !== undefined) void this.#hand(message, line && { line, before, pts });
    if (line === undefined) return;
    line.cover(before, pts);
    if (line.hasGap) void this.#watchGap(id, line);
    this.#saveSoon();
  }

  onNews({ line: id, pts, channel }: News): void {
    if (id === 'common') {
      this.#due.add('common');
    } else if (pts === undefined) {
      // How far a supergroup is that was never met, the list of chats says.
      this.#due.add(this.#known.line(id) === undefined ? 'dialogs' : id);
    } else {
      const line = this.#lineOf(id, pts, channel);
      line?.hear(pts);
      if (line?.hasGap === true) this.#due.add(id);
    }
  }

  onWriting(writing: OwnWriting): void {
    this.#deps.intake.versions.writes(writing);
  }

  onWritten(writing: OwnWriting, messageId: number): void {
    this.#deps.intake.versions.wrote(writing, messageId);
  }

  onConnected(signal: AbortSignal): void {
    this.#due.add('common');
    this.#due.add('dialogs');
    // One at a time: an earlier one that waits for Redis ends as soon as it looks up.
    this.#running = this.#running.then(() => withLinkedAbort([signal, this.#stopping.signal], (until) => this.#run(until)));
  }

  async probe(deadlineMs: number, signal: AbortSignal): Promise<void> {
    const { source, clock } = this.#deps;
    if (this.#known.common === undefined) {
      await source.currentState(signal).catch(unlessNotNow);
      return;
    }
    const answer = await source.difference(this.#catchUp.commonState(), signal, deadlineMs).catch(unlessNotNow);
    if (answer === undefined) return;
    if (answer.kind === 'empty') this.#known.hearTime(answer.dateSec);
    else this.#due.add('common');
    if (clock.nowMs() - this.#dialogsAtMs > DIALOGS_EVERY_MS) this.#due.add('dialogs');
    this.#due.nudge();
  }

  /** Redis may have lost what it was told last, or refused it: goes back to what it has, and catches up from there. */
  reload(): void {
    this.#due.add('reload');
  }

  /** Ends everything and writes down how far it is; to be called when the intake has drained. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await this.#running;
    await this.#keeper.close();
  }

  /** Live voices are handed on at once; the line's stored state waits for them. */
  async #hand(coming: Promise<IncomingMessage>, at?: { line: UpdateLine; before: number; pts: number }): Promise<void> {
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

  /** The line; a supergroup that is met for the first time begins at `pts`. Undefined before it is known where to begin. */
  #lineOf(id: LineId, pts: number, channel?: ChannelPeer): UpdateLine | undefined {
    const line = this.#known.line(id);
    if (line !== undefined || id === 'common' || this.#known.common === undefined) return line;
    this.#due.add(id);
    if (channel === undefined) this.#due.add('dialogs');
    return this.#known.meet(id.slice(1), pts, channel?.accessHash);
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
    if (line.hasGap) this.#due.add(id);
  }

  /** One connection's catching up: does what is due, and waits for more. */
  async #run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#doDue(signal);
        failures = 0;
        await this.#due.untilAny(signal);
      } catch (error) {
        if (isAborted(signal) || error instanceof AccountStoppedError) return;
        failures += 1;
        const toldMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
        const delayMs = toldMs ?? doublingMs(RETRY, failures);
        log.warn({ err: error, delayMs }, `catching up did not succeed, again in ${Math.round(delayMs / 1000)} s: ${errorText(error)}`);
        await clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
  }

  async #doDue(signal: AbortSignal): Promise<void> {
    await this.#learnTime(signal);
    if (this.#due.reload) await this.#reload(signal);
    if (this.#due.dialogs) this.#dialogsAtMs = this.#deps.clock.nowMs();
    await this.#catchUp.run(signal);
    if (!this.#due.isEmpty) return;
    this.#known.complete();
    this.#saveSoon();
    const { messages, voices } = this.#catchUp.takeCounts();
    if (messages > 0) this.#deps.log.info({ messages, voices }, 'caught up with what had been missed');
    this.#deps.onCaughtUp();
  }

  /** Once a connection, before anything is recovered: by it the age of what is recovered is told. */
  async #learnTime(signal: AbortSignal): Promise<void> {
    if (this.#timedConnection === signal) return;
    this.#deps.serverClock.learn(await this.#deps.source.serverTimeSec(signal));
    this.#timedConnection = signal;
  }

  /** From the stored cursor; where there never was one nothing is recovered, and everything from now on is. */
  async #reload(signal: AbortSignal): Promise<void> {
    this.#due.reload = false;
    try {
      const cursor = await this.#keeper.load();
      if (cursor !== undefined) this.#known.goBackTo(cursor);
      else await this.#goOnWithoutCursor(signal);
    } catch (error) {
      this.#due.reload = true;
      throw error;
    }
    this.#due.add('common');
    this.#due.add('dialogs');
  }

  /** The first start ever; or Redis has lost everything: with the last second, where this was the first start, else at all. */
  async #goOnWithoutCursor(signal: AbortSignal): Promise<void> {
    if (this.#known.common === undefined) await this.#begin(signal);
    else if (this.#beginning !== undefined && this.#deps.clock.nowMs() - this.#beginning.atMs < YOUNG_MS) {
      this.#known.goBackTo(this.#beginning.cursor);
    }
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const { source } = this.#deps;
    const state = await source.currentState(signal);
    const dialogs = await source.dialogs(0, MAX_DIALOGS, signal);
    this.#known.begin(
      state,
      dialogs.flatMap(({ chat, pts }) => (chat.kind === 'channel' && pts !== undefined ? [{ channel: chat, pts }] : [])),
    );
    const cursor = this.#known.cursor();
    if (cursor !== undefined) this.#beginning = { cursor, atMs: this.#deps.clock.nowMs() };
    await this.#keeper.save();
    this.#deps.log.info('from here on no voice is missed, whatever comes between');
  }

  #saveSoon(): void {
    void this.#keeper.saveSoon(this.#stopping.signal);
  }
}

/** Telegram asked not to be asked for a while; that the connection lives is heard from its pongs meanwhile. */
function unlessNotNow(error: unknown): undefined {
  if (!(error instanceof NotNowError)) throw error;
}

/** Read anew where the compiler remembers an older value. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

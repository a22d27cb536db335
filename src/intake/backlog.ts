import { errorText, PermanentError } from '../errors.js';
import { textsFor, type Language, type Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import type { BacklogStore, SetAside } from '../store/backlog-store.js';
import { peerKey } from '../telegram/peer.js';
import { randomIdNamed } from '../telegram/random-id.js';
import type { TelegramGateway } from '../telegram/telegram-gateway.js';
import { voiceJobId, type VoiceJob } from '../voice/voice-job.js';
import type { SetAsideBecause } from './backlog-policy.js';

export interface BacklogDependencies {
  store: Pick<BacklogStore, 'add' | 'list' | 'remove' | 'drop' | 'dropped' | 'question' | 'keepQuestion'>;
  /** Whether the voice is a job already, or was one. */
  isKnown: (jobId: string) => Promise<boolean>;
  enqueue: (job: VoiceJob) => Promise<void>;
  /** The voice is known from now on as one that gets no answer. */
  drop: (jobId: string) => Promise<void>;
  /** To Saved Messages. */
  gateway: Pick<TelegramGateway, 'self' | 'sendText' | 'editText'>;
  /** How the owner types commands, and what they read, as it is now. */
  choices: () => { prefix: string; language: Language };
  log: Logger;
}

/** How much stands aside. */
export interface BacklogCounts {
  voices: number;
  chats: number;
}

/** What the owner reads about it. */
export interface BacklogSummary {
  ask: BacklogCounts;
  tooOld: BacklogCounts;
  /** How many got no answer because the owner said so. */
  dropped: number;
}

/**
 * The voices that came late and are not answered unless the owner says so. Durable like jobs: a voice is in the queue, or
 * here, or was dropped by the owner's word. Where the owner wants to be asked there is one question in Saved Messages,
 * which is kept up to date, over restarts too.
 */
export class Backlog {
  readonly #deps: BacklogDependencies;
  readonly #stopping = sharedAbort();
  #asking: Promise<void> | undefined;

  constructor(deps: BacklogDependencies) {
    this.#deps = deps;
  }

  /** Resolves when it is durable. A voice that is a job already, or was one, is left alone. */
  async setAside(job: VoiceJob, because: SetAsideBecause): Promise<void> {
    const { store, isKnown, log } = this.#deps;
    const jobId = voiceJobId(job);
    if (await isKnown(jobId)) return;
    await store.add({ jobId, job, because });
    log.info({ job: jobId, because, sentAtMs: job.sentAtMs }, 'a voice came late and is set aside: see .backlog');
  }

  async summary(): Promise<BacklogSummary> {
    const { store } = this.#deps;
    const all = await store.list();
    const count = (reason: SetAsideBecause): BacklogCounts => countsOf(all.filter(({ because }) => because === reason));
    return { ask: count('ask'), tooOld: count('too-old'), dropped: await store.dropped() };
  }

  /** All that is set aside becomes jobs, oldest first; resolves with their number. Goes on where a crash ended it. */
  async answer(): Promise<number> {
    const { store, enqueue } = this.#deps;
    const all = await store.list();
    for (const { jobId, job } of all) {
      await enqueue(job);
      await store.remove(jobId);
    }
    await this.#settleQuestion();
    return all.length;
  }

  /** All that is set aside gets no answer; resolves with its number. */
  async skip(): Promise<number> {
    const { store, drop, log } = this.#deps;
    const all = await store.list();
    for (const { jobId } of all) {
      // Telegram may tell of it once more.
      await drop(jobId);
      await store.drop(jobId);
      log.info({ job: jobId }, 'a voice that came late gets no answer: the owner said so');
    }
    await this.#settleQuestion();
    return all.length;
  }

  /** Asks the owner where there is something to ask, or brings the question up to date. Never rejects. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask()
      .catch((error: unknown) => {
        if (this.#stopping.signal.aborted) return;
        this.#deps.log.warn({ err: error }, `the owner could not be asked about late voices, again later: ${errorText(error)}`);
      })
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const { store, gateway, choices } = this.#deps;
    const waiting = (await store.list()).filter(({ because }) => because === 'ask');
    const [oldest] = waiting;
    if (oldest === undefined) return;
    const text = this.#texts.question(countsOf(waiting), choices().prefix);
    const asked = await store.question();
    if (asked?.text === text) return;
    const chat = gateway.self.peer;
    const content = { text, entities: [] };
    const { signal } = this.#stopping;
    if (asked !== undefined && (await this.#edited(asked.messageId, text))) {
      await store.keepQuestion({ ...asked, text });
      return;
    }
    const randomId = questionId(oldest.jobId, asked?.messageId);
    const { messageId, alreadyStood } = await gateway.sendText({ chat, text: content, randomId }, signal);
    if (alreadyStood) await this.#edited(messageId, text);
    await store.keepQuestion({ messageId, text });
  }

  /** False where the message is gone: the owner has deleted it. */
  async #edited(messageId: number, text: string): Promise<boolean> {
    const { gateway } = this.#deps;
    try {
      await gateway.editText(gateway.self.peer, messageId, { text, entities: [] }, this.#stopping.signal);
      return true;
    } catch (error) {
      if (error instanceof PermanentError) return false;
      throw error;
    }
  }

  get #texts(): Texts['backlog'] {
    return textsFor(this.#deps.choices().language).backlog;
  }

  /** The question has its answer: it says so, and the next one is a new message. */
  async #settleQuestion(): Promise<void> {
    const { store, log } = this.#deps;
    const asked = await store.question();
    if (asked === undefined) return;
    await store.keepQuestion(undefined);
    try {
      await this.#edited(asked.messageId, this.#texts.decided);
    } catch (error) {
      log.info({ err: error }, `the question about late voices still stands: ${errorText(error)}`);
    }
  }
}

function countsOf(voices: readonly SetAside[]): BacklogCounts {
  return { voices: voices.length, chats: new Set(voices.map(({ job }) => peerKey(job.chat))).size };
}

/** Of one question there is one message, also where its sending is tried again after a crash. */
function questionId(oldestJobId: string, replaced = 0): string {
  return randomIdNamed(`backlog#${oldestJobId}#${replaced}`);
}

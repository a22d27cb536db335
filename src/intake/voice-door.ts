import type { Logger } from '../log/logger.js';
import type { Clock } from '../supervisor/clock.js';
import { peerKey, type Peer } from '../telegram/peer.js';
import type { IncomingMessage, VoiceMedia } from '../telegram/incoming-message.js';
import type { Delivery } from '../voice/delivery.js';
import { voiceJobOf, type VoiceJob } from '../voice/voice-job.js';
import { backlogDecision, type BacklogPolicy, type SetAsideBecause } from './backlog-policy.js';
import type { Origin } from './origin.js';
import type { ServerClock } from './server-clock.js';
import { voicePolicy, type PolicyDecision, type PolicyInput } from './voice-policy.js';

/** A message as far as its decision needs it. */
export type Judged = PolicyInput['message'] & { accountId: string; chat: PeerId; sender?: PeerId };

type PeerId = Pick<Peer, 'kind' | 'id'>;

export interface VoiceDoorDependencies {
  /** False while the owner has switched transcribing off: then no voice is taken. */
  isOpen(): boolean;
  choices(): PolicyInput['choices'];
  /** What is known of who sent the voice and where. */
  people: {
    senderIsTracked(accountId: string, senderId: string): Promise<boolean>;
    /** By the key of the chat. */
    chatIsTracked(accountId: string, chatKey: string): Promise<boolean>;
    optedOut(accountId: string, senderId: string): Promise<boolean>;
  };
  ignores(message: Judged): boolean;
  deliveryOf(message: Judged): Promise<Delivery>;
  backlog: BacklogPolicy;
  /** ③ Resolves when the job is durable. The same id twice is one job. */
  enqueue(job: VoiceJob): Promise<void>;
  /** Resolves when it is durable that the owner is to decide about the voice. */
  setAside(job: VoiceJob, because: SetAsideBecause): Promise<void>;
  serverClock: Pick<ServerClock, 'nowMs'>;
  clock: Pick<Clock, 'nowMs'>;
  log: Logger;
}

/** ② Decides which voices become jobs, with what is known of them: the policy itself is `voice-policy.ts`. */
export class VoiceDoor {
  readonly #deps: VoiceDoorDependencies;

  constructor(deps: VoiceDoorDependencies) {
    this.#deps = deps;
  }

  /** Resolves when the voice is durable, as a job or set aside (true), or left alone (false). Rejects where that cannot be known now. */
  async take(message: IncomingMessage, voice: VoiceMedia, origin: Origin): Promise<boolean> {
    const deps = this.#deps;
    const { accountId, chat, messageId } = message;
    const about = { account: accountId, chat: peerKey(chat), messageId };
    if (!deps.isOpen()) {
      deps.log.debug({ ...about, because: 'off' }, 'a voice is left alone');
      return false;
    }
    const { take, because } = await this.decide(message);
    if (!take) {
      deps.log.debug({ ...about, because }, 'a voice is left alone');
      return false;
    }
    const job: VoiceJob = { ...voiceJobOf(message, voice, deps.clock.nowMs()), delivery: deliveryFor(message, voice, await deps.deliveryOf(message)), because };
    const ageMs = origin === 'live' ? 0 : deps.serverClock.nowMs() - message.dateMs;
    const late = backlogDecision(deps.backlog, ageMs);
    if (late.action === 'set-aside') {
      await deps.setAside(job, late.because);
      return true;
    }
    await deps.enqueue(late.action === 'record' ? { ...job, delivery: 'silent' } : job);
    deps.log.info({ ...about, kind: voice.kind, durationSec: voice.durationSec }, 'a voice is queued');
    return true;
  }

  /** What the policy says of a voice by what is known now. */
  async decide(message: Judged): Promise<PolicyDecision> {
    const { people } = this.#deps;
    const { accountId, chat, sender, outgoing } = message;
    const other = outgoing ? undefined : sender?.id;
    const [senderIsTracked, chatIsTracked, optedOut] = await Promise.all([
      other !== undefined && people.senderIsTracked(accountId, other),
      !outgoing && people.chatIsTracked(accountId, peerKey(chat)),
      other !== undefined && people.optedOut(accountId, other),
    ]);
    return voicePolicy({ message, choices: this.#deps.choices(), senderIsTracked, chatIsTracked, optedOut, ignored: this.#deps.ignores(message) });
  }
}

/** A caption can only be written into a voice of the owner's own that has none; video notes take none (tdlib/td#173). */
export function deliveryFor(message: IncomingMessage, voice: VoiceMedia, wanted: Delivery): Delivery {
  const takesCaption = message.outgoing && !message.forwarded && !message.viaBot && voice.kind !== 'video-note' && message.text === '';
  return wanted === 'caption' && !takesCaption ? 'reply' : wanted;
}

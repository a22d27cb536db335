import type { FailureReason } from '../errors.js';
import type { IncomingMessage, VoiceMedia } from '../telegram/incoming-message.js';
import { peerKey, type Peer } from '../telegram/peer.js';
import { randomIdNamed } from '../telegram/random-id.js';
import type { AnswerPlace, Delivery } from './delivery.js';

/** One voice to write down: identifiers and limits, never bytes. This is what stands in the queue. */
export interface VoiceJob {
  accountId: string;
  chat: Peer;
  messageId: number;
  /** Who spoke, where that is known (in a forward it is not): whose languages are learned. */
  senderId?: string;
  media: VoiceMedia;
  sentAtMs: number;
  receivedAtMs: number;
  /** As it was chosen when the voice was taken, so that each try answers in the same place. Without it: `reply`. */
  delivery?: Delivery;
  /** The rule of the policy by which it was taken, or `demanded`: the owner has asked for it. */
  because?: string;
  /** Tries that failed. Waiting for the network or for as long as Telegram said is no failed try. */
  failedAttempts: number;
  /** Tries that ended in a wait, for the network or for as long as Telegram said. */
  waits?: number;
  /**
   * An earlier run, of this process or another, may have sent something for it of which no receipt tells: then it is
   * looked for in the chat before anything is sent.
   */
  mayBeAnswered?: boolean;
  /** How often the queue had started the job when its last orderly try ended; more starts than that were crashes. */
  startsSeen?: number;
  /** It has waited once for this many crashes. */
  crashesWaitedFor?: number;
  /** Set when no try can help any more: what is left is to tell the person. */
  failure?: FailureReason;
  /** What made it fail, for the owner: no secrets, no text of a message. */
  failureCause?: string;
  /** How often it had been started by then. */
  failedTries?: number;
}

const MEDIA_TEXTS = ['kind', 'documentId', 'accessHash', 'fileReference', 'mimeType'] as const;

/** Whether a value that comes from outside has all that a job must have. */
export function isVoiceJob(value: unknown): value is VoiceJob {
  const { accountId, chat, messageId, media, sentAtMs, receivedAtMs, failedAttempts } = fieldsOf(value);
  const { kind, id } = fieldsOf(chat);
  const isPeer = typeof id === 'string' && (kind === 'user' || kind === 'group' || kind === 'channel');
  const fields = fieldsOf(media);
  const isMedia = MEDIA_TEXTS.every((name) => typeof fields[name] === 'string') && [fields.dcId, fields.sizeBytes].every(isNumber);
  return isPeer && isMedia && typeof accountId === 'string' && [messageId, sentAtMs, receivedAtMs, failedAttempts].every(isNumber);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

/**
 * `account:chat:message`: the same voice seen live and again later is one job. Nothing else may go into it, for the
 * random ids of what is sent are derived from it.
 */
export function voiceJobId(job: Pick<VoiceJob, 'accountId' | 'messageId'> & { chat: Pick<Peer, 'kind' | 'id'> }): string {
  return `${job.accountId}:${peerKey(job.chat)}:${job.messageId}`;
}

/** What a job's id says: `account:chat`, in which one voice at a time is worked on, and the message. */
export function placeOfJob(jobId: string): { chat: string; messageId: number } {
  const cut = jobId.lastIndexOf(':');
  return { chat: jobId.slice(0, cut), messageId: Number(jobId.slice(cut + 1)) };
}

export function voiceJobOf(message: IncomingMessage, media: VoiceMedia, nowMs: number): VoiceJob {
  const { accountId, chat, messageId, dateMs, sender } = message;
  const speaker = sender === undefined || message.forwarded ? {} : { senderId: sender.id };
  return { accountId, chat, messageId, ...speaker, media, sentAtMs: dateMs, receivedAtMs: nowMs, failedAttempts: 0 };
}

/**
 * The MTProto `random_id` of a part of a job's answer (parts count from 1): a signed 64-bit number, decimal, the same in
 * every try of every process, so that Telegram itself refuses a second send. `replaced` is the message that was sent for
 * the part and is gone; in each place there is one answer.
 */
export function randomIdOf(jobId: string, part: number, { replaced, place = 'chat' }: { replaced?: number; place?: AnswerPlace } = {}): string {
  const answer = place === 'chat' ? `${jobId}#${part}` : `${jobId}@${place}#${part}`;
  const name = replaced === undefined ? answer : `${answer}#${replaced}`;
  return randomIdNamed(name);
}

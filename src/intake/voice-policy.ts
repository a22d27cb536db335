import type { IncomingMessage, VoiceMedia } from '../telegram/incoming-message.js';
import type { VoiceChoices } from '../voice/voice-choices.js';

type ChatScope = VoiceChoices['own'];

/** A voice, and what is known of who sent it and where. */
export interface PolicyInput {
  message: Pick<IncomingMessage, 'chatKind' | 'outgoing' | 'edited'> & { voice?: Pick<VoiceMedia, 'kind'> };
  choices: Pick<VoiceChoices, 'own' | 'incoming' | 'files'>;
  senderIsTracked: boolean;
  chatIsTracked: boolean;
  /** The sender does not want to be transcribed. */
  optedOut: boolean;
  /** The owner has put the person or the chat aside. */
  ignored: boolean;
}

interface Rule {
  fits: (input: PolicyInput) => boolean;
  take: boolean;
}

/**
 * ② Which voices become jobs. Read from top to bottom: the first rule that fits decides, and `.policy` shows it so. What
 * becomes of the text then is the delivery (`src/voice/delivery.ts`).
 */
export const voiceRules = {
  'not-a-voice': { fits: ({ message: { voice } }) => voice === undefined, take: false },
  edited: { fits: ({ message }) => message.edited, take: false },
  'channel-post': { fits: ({ message }) => message.chatKind === 'channel', take: false },
  ignored: { fits: ({ ignored }) => ignored, take: false },
  file: { fits: ({ message, choices }) => isFileLeftAlone(message.voice?.kind, choices.files), take: false },
  own: { fits: ({ message, choices }) => message.outgoing && holdsIn(choices.own, message.chatKind), take: true },
  'own-off': { fits: ({ message }) => message.outgoing, take: false },
  'opted-out': { fits: ({ optedOut }) => optedOut, take: false },
  'chat-kind': { fits: ({ message, choices }) => !holdsIn(choices.incoming, message.chatKind), take: false },
  'tracked-person': { fits: ({ senderIsTracked }) => senderIsTracked, take: true },
  'tracked-chat': { fits: ({ chatIsTracked }) => chatIsTracked, take: true },
  'not-tracked': { fits: () => true, take: false },
} as const satisfies Record<string, Rule>;

export type VoiceRule = keyof typeof voiceRules;

export const voiceRuleNames = Object.keys(voiceRules) as VoiceRule[];

export interface PolicyDecision {
  take: boolean;
  because: VoiceRule;
}

/** Whether a message becomes a job, and by which rule. Pure. */
export function voicePolicy(input: PolicyInput): PolicyDecision {
  const because = voiceRuleNames.find((name) => voiceRules[name].fits(input)) ?? 'not-tracked';
  return { take: voiceRules[because].take, because };
}

function holdsIn(scope: ChatScope, chatKind: IncomingMessage['chatKind']): boolean {
  if (scope === 'private') return chatKind === 'private';
  if (scope === 'groups') return chatKind === 'group' || chatKind === 'supergroup';
  return scope === 'everywhere';
}

function isFileLeftAlone(kind: VoiceMedia['kind'] | undefined, files: VoiceChoices['files']): boolean {
  return (kind === 'audio' || kind === 'video') && files !== 'all' && files !== kind;
}

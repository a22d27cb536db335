import type { IncomingMessage } from '../telegram/incoming-message.js';

export interface PolicyInput {
  message: IncomingMessage;
  senderIsTracked: boolean;
  transcribeOwn: boolean;
}

export type PolicyDecision =
  | { take: true }
  | { take: false; because: 'not-a-voice' | 'edited' | 'channel-post' | 'own' | 'not-tracked' };

/** ② Whether a message becomes a job. Pure; read from top to bottom, the first rule that fits decides. */
export function voicePolicy({ message, senderIsTracked, transcribeOwn }: PolicyInput): PolicyDecision {
  if (message.voice === undefined) return { take: false, because: 'not-a-voice' };
  if (message.voice.kind !== 'voice' && message.voice.kind !== 'video-note') return { take: false, because: 'not-a-voice' };
  if (message.edited) return { take: false, because: 'edited' };
  if (message.outgoing) return transcribeOwn ? { take: true } : { take: false, because: 'own' };
  if (message.chatKind === 'channel' || message.sender === undefined) return { take: false, because: 'channel-post' };
  return senderIsTracked ? { take: true } : { take: false, because: 'not-tracked' };
}

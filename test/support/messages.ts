import type { IncomingMessage, VoiceMedia } from '../../src/telegram/incoming-message.js';
import type { VoiceJob } from '../../src/voice/voice-job.js';

export const voiceMedia: VoiceMedia = {
  kind: 'voice',
  documentId: '7',
  accessHash: '8',
  fileReference: 'AAAA',
  dcId: 2,
  sizeBytes: 1000,
  durationSec: 3,
  mimeType: 'audio/ogg',
};

/** A text message of Anna (user 5) in the private chat with her. */
export function message(over: Partial<IncomingMessage> = {}): IncomingMessage {
  const anna = { kind: 'user', id: '5', accessHash: '55' } as const;
  return {
    accountId: 'main',
    chat: anna,
    chatKind: 'private',
    messageId: 10,
    sender: anna,
    outgoing: false,
    edited: false,
    dateMs: 1000,
    text: '',
    forwarded: false,
    viaBot: false,
    hasMedia: false,
    ...over,
  };
}

export function voiceMessage(over: Partial<IncomingMessage> = {}): IncomingMessage {
  return message({ voice: voiceMedia, hasMedia: true, ...over });
}

/** A command as the owner types it in the chat with Anna. */
export function ownCommand(text: string, over: Partial<IncomingMessage> = {}): IncomingMessage {
  return message({ text, outgoing: true, sender: { kind: 'user', id: '1', accessHash: '1' }, ...over });
}

export function voiceJob(over: Partial<VoiceJob> = {}): VoiceJob {
  const { accountId, chat, messageId } = message();
  return { accountId, chat, messageId, media: voiceMedia, sentAtMs: 1, receivedAtMs: 2, failedAttempts: 0, ...over };
}

import type { IncomingMessage } from '../../telegram/incoming-message.js';
import type { ModuleMessage } from '../contract/module-message.js';

/** The message as modules see it: without access hashes and file references, which are the account's own business. */
export function moduleMessageOf(incoming: IncomingMessage): ModuleMessage {
  const { accountId, chat, chatKind, messageId, sender, outgoing, edited, dateMs, text, entities, replyToMessageId, forwarded, viaBot, unattended, hasMedia, voice, file } = incoming;
  return {
    accountId,
    chat: { kind: chat.kind, id: chat.id },
    chatKind,
    messageId,
    ...(sender === undefined ? {} : { sender: { kind: sender.kind, id: sender.id } }),
    outgoing,
    edited,
    dateMs,
    text,
    ...(entities === undefined ? {} : { entities }),
    ...(replyToMessageId === undefined ? {} : { replyToMessageId }),
    forwarded,
    viaBot,
    ...(unattended === undefined ? {} : { unattended }),
    hasMedia,
    ...(voice === undefined ? {} : { voice: { kind: voice.kind, sizeBytes: voice.sizeBytes, durationSec: voice.durationSec, mimeType: voice.mimeType } }),
    ...(file === undefined ? {} : { file: { name: file.name, sizeBytes: file.sizeBytes, mimeType: file.mimeType } }),
  };
}

import type { ModuleMessage } from '../contract/module-message.js';

/** A message as it leaves for a module of somebody else: what the contract names, and nothing that came along with it. */
export function crossingMessage(message: ModuleMessage): ModuleMessage {
  const { accountId, chat, chatKind, messageId, sender, outgoing, edited, dateMs, text, replyToMessageId, forwarded, viaBot, hasMedia, voice, file } = message;
  return {
    accountId,
    chat: { kind: chat.kind, id: chat.id },
    chatKind,
    messageId,
    ...(sender !== undefined && { sender: { kind: sender.kind, id: sender.id } }),
    outgoing,
    edited,
    dateMs,
    text,
    ...(replyToMessageId !== undefined && { replyToMessageId }),
    forwarded,
    viaBot,
    hasMedia,
    ...(voice !== undefined && { voice: { kind: voice.kind, sizeBytes: voice.sizeBytes, durationSec: voice.durationSec, mimeType: voice.mimeType } }),
    ...(file !== undefined && { file: { name: file.name, sizeBytes: file.sizeBytes, mimeType: file.mimeType } }),
  };
}

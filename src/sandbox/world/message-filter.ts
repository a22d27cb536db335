import { Api } from 'telegram';
import type { MediaKind, WorldMessage } from './model.js';

const KINDS = new Map<string, readonly MediaKind[]>([
  [new Api.InputMessagesFilterVoice().className, ['voice']],
  [new Api.InputMessagesFilterRoundVideo().className, ['video-note']],
  [new Api.InputMessagesFilterRoundVoice().className, ['voice', 'video-note']],
  [new Api.InputMessagesFilterMusic().className, ['audio']],
  [new Api.InputMessagesFilterVideo().className, ['video']],
  [new Api.InputMessagesFilterDocument().className, ['file']],
]);

/** Whether the message is of the kind that a search asks for. Filters that the sandbox does not know find nothing. */
export function matchesFilter(message: WorldMessage, filter: Api.TypeMessagesFilter): boolean {
  if (filter instanceof Api.InputMessagesFilterEmpty) return !message.service;
  return message.media !== undefined && (KINDS.get(filter.className) ?? []).includes(message.media.kind);
}

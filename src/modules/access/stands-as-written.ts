import type { ModuleMessage } from '../contract/module-message.js';

/**
 * Whether the message is what its writer typed as a message of their own: not forwarded, by way of an inline bot, the caption of
 * something, or the edit of a post in a broadcast channel, which another admin can make.
 */
export function standsAsWritten({ forwarded, viaBot, hasMedia, edited, chatKind }: ModuleMessage): boolean {
  return !forwarded && !viaBot && !hasMedia && !(edited && chatKind === 'channel');
}

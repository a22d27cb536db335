import type { ModuleMessage } from '../contract/module-message.js';

/**
 * Whether the message is what its writer typed as a message of their own: not forwarded, by way of an inline bot, the caption of
 * something, sent by Telegram at a time that was set before, or the edit of a post in a broadcast channel, which another admin can
 * make (of a scheduled post, too).
 */
export function standsAsWritten({ forwarded, viaBot, unattended, hasMedia, edited, chatKind }: ModuleMessage): boolean {
  return !forwarded && !viaBot && unattended !== true && !hasMedia && !(edited && chatKind === 'channel');
}

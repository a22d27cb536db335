import { Api } from 'telegram';
import type { TextEntity } from './formatted-text.js';

/** The styles of a message that we know; what else Telegram marks in a text (links, mentions, emoji of one's own) is left out. */
export function stylesOf(entities: readonly Api.TypeMessageEntity[] | null | undefined): TextEntity[] {
  return (entities ?? []).flatMap((entity) => {
    const type = styleOf(entity);
    return type === undefined ? [] : [{ type, offset: entity.offset, length: entity.length }];
  });
}

function styleOf(entity: Api.TypeMessageEntity): TextEntity['type'] | undefined {
  if (entity instanceof Api.MessageEntityBold) return 'bold';
  if (entity instanceof Api.MessageEntityItalic) return 'italic';
  if (entity instanceof Api.MessageEntityCode) return 'code';
  if (entity instanceof Api.MessageEntityPre) return 'pre';
  if (entity instanceof Api.MessageEntitySpoiler) return 'spoiler';
  if (entity instanceof Api.MessageEntityBlockquote) return entity.collapsed === true ? 'collapsed-quote' : 'quote';
  return undefined;
}

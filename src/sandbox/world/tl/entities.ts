import { Api } from 'telegram';
import type { SandboxEntity } from '../model.js';
import { long } from './long.js';

type Make = (entity: SandboxEntity) => Api.TypeMessageEntity;

const MAKE: Record<SandboxEntity['type'], Make> = {
  bold: ({ offset, length }) => new Api.MessageEntityBold({ offset, length }),
  italic: ({ offset, length }) => new Api.MessageEntityItalic({ offset, length }),
  underline: ({ offset, length }) => new Api.MessageEntityUnderline({ offset, length }),
  strike: ({ offset, length }) => new Api.MessageEntityStrike({ offset, length }),
  code: ({ offset, length }) => new Api.MessageEntityCode({ offset, length }),
  pre: ({ offset, length, language }) => new Api.MessageEntityPre({ offset, length, language: language ?? '' }),
  quote: ({ offset, length }) => new Api.MessageEntityBlockquote({ offset, length }),
  'collapsed-quote': ({ offset, length }) => new Api.MessageEntityBlockquote({ offset, length, collapsed: true }),
  spoiler: ({ offset, length }) => new Api.MessageEntitySpoiler({ offset, length }),
  url: ({ offset, length }) => new Api.MessageEntityUrl({ offset, length }),
  'text-url': ({ offset, length, url }) => new Api.MessageEntityTextUrl({ offset, length, url: url ?? '' }),
  mention: ({ offset, length }) => new Api.MessageEntityMention({ offset, length }),
  'mention-name': ({ offset, length, userId }) =>
    new Api.MessageEntityMentionName({ offset, length, userId: long(userId ?? '0') }),
  hashtag: ({ offset, length }) => new Api.MessageEntityHashtag({ offset, length }),
  'bot-command': ({ offset, length }) => new Api.MessageEntityBotCommand({ offset, length }),
};

const NAMES = new Map<string, SandboxEntity['type']>([
  ['MessageEntityBold', 'bold'],
  ['MessageEntityItalic', 'italic'],
  ['MessageEntityUnderline', 'underline'],
  ['MessageEntityStrike', 'strike'],
  ['MessageEntityCode', 'code'],
  ['MessageEntitySpoiler', 'spoiler'],
  ['MessageEntityUrl', 'url'],
  ['MessageEntityMention', 'mention'],
  ['MessageEntityHashtag', 'hashtag'],
  ['MessageEntityBotCommand', 'bot-command'],
]);

export function tlEntities(entities: readonly SandboxEntity[]): Api.TypeMessageEntity[] {
  return entities.map((entity) => MAKE[entity.type](entity));
}

/** Kinds that the sandbox does not keep (custom emoji, phone numbers …) are dropped, as Telegram drops some. */
export function entitiesFromTl(entities: readonly Api.TypeMessageEntity[]): SandboxEntity[] {
  return entities.flatMap((entity) => {
    const { offset, length } = entity;
    if (entity instanceof Api.MessageEntityBlockquote) {
      return [{ type: entity.collapsed ? ('collapsed-quote' as const) : ('quote' as const), offset, length }];
    }
    if (entity instanceof Api.MessageEntityPre) return [{ type: 'pre' as const, offset, length, language: entity.language }];
    if (entity instanceof Api.MessageEntityTextUrl) return [{ type: 'text-url' as const, offset, length, url: entity.url }];
    if (entity instanceof Api.InputMessageEntityMentionName && entity.userId instanceof Api.InputUser) {
      return [{ type: 'mention-name' as const, offset, length, userId: entity.userId.userId.toString() }];
    }
    const type = NAMES.get(entity.className);
    return type === undefined ? [] : [{ type, offset, length }];
  });
}

import { textKind, type ValueKind } from '../value-kind.js';

/** Ids of Telegram's have up to 52 bits. */
const MAX_ID = 2n ** 52n;
const NAME = /^[a-z]\w{3,31}$/i;
const MYSELF = new Set(['me', 'myself', 'я']);
/** What stands before the name or the id in a link. */
const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)\/(?:s\/)?/i;

/** The id of a person. */
export const telegramIdKind: ValueKind<string> = textKind({
  read: (text) => personId(text.trim()),
  takes: (texts) => texts.takes.telegramId,
});

/**
 * A person or chat: `@name`, `me`, or an id: of a person as it is, of a group `-1`, of a supergroup or channel `-1001`, as
 * clients and bots show them. Links are taken too.
 */
export const peerKind: ValueKind<string> = textKind({
  read: (text) => readPeer(text.trim()),
  takes: (texts) => texts.takes.peer,
  nearest: (text) => (NAME.test(text.trim()) ? `@${text.trim()}` : undefined),
});

function readPeer(text: string): string | undefined {
  if (MYSELF.has(text.toLowerCase())) return 'me';
  if (text.startsWith('@')) return nameOf(text.slice(1));
  if (LINK.test(text)) return readLink(text.replace(LINK, '').split(/[/?#]/));
  if (/^tg:\/\//i.test(text)) return readTgLink(text);
  return text.startsWith('-') ? chatId(text) : personId(text);
}

/** `name`, `name/12`, and `c/1234/12` of a chat without a name. */
function readLink([first = '', second = '']: string[]): string | undefined {
  return first === 'c' ? chatId(`-100${second}`) : nameOf(first.replace(/^@/, ''));
}

function readTgLink(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { host, pathname, searchParams } = new URL(text);
  const action = host === '' ? pathname.replaceAll('/', '') : host;
  if (action === 'resolve') return nameOf(searchParams.get('domain') ?? '');
  if (action === 'user' || action === 'openmessage') return personId(searchParams.get('id') ?? searchParams.get('user_id') ?? '');
  return undefined;
}

function nameOf(text: string): string | undefined {
  return NAME.test(text) ? `@${text}` : undefined;
}

function personId(text: string): string | undefined {
  return /^[1-9]\d{0,15}$/.test(text) && BigInt(text) <= MAX_ID ? text : undefined;
}

function chatId(text: string): string | undefined {
  return personId(text.slice(1).replace(/^100(?=\d{5,})/, '')) === undefined ? undefined : text;
}

import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { describe, expect, it } from 'vitest';
import { AddressBook } from '../../src/telegram/address-book.js';
import { lacksAccess, mapMessage } from '../../src/telegram/map-message.js';
import { messageUpdateOf } from '../../src/telegram/map-update.js';

const SELF = '1';
const id = returnBigInt;

function user(fields: Partial<Api.User> & { id: Api.User['id'] }): Api.User {
  return new Api.User({ firstName: 'Name', ...fields });
}

/** A book that has met a person (7), one in `min` form only (8), a supergroup (20) and a channel (21). */
function book(): AddressBook {
  const known = new AddressBook();
  known.learn({
    users: [user({ id: id(7), accessHash: id('-77') }), user({ id: id(8), accessHash: id(88), min: true })],
    chats: [
      new Api.Channel({ id: id(20), accessHash: id(200), megagroup: true, title: '', photo: new Api.ChatPhotoEmpty(), date: 0 }),
      new Api.Channel({ id: id(21), accessHash: id(210), broadcast: true, title: '', photo: new Api.ChatPhotoEmpty(), date: 0 }),
    ],
  });
  return known;
}

type Fields = Partial<ConstructorParameters<typeof Api.Message>[0]>;

const fromSeven = new Api.PeerUser({ userId: id(7) });
const inSupergroup = new Api.PeerChannel({ channelId: id(20) });

function map(fields: Fields): ReturnType<typeof mapMessage> {
  const message = new Api.Message({ id: 5, peerId: fromSeven, date: 1_700_000_000, message: 'words', ...fields });
  return mapMessage(message, false, { accountId: 'main', selfId: SELF, book: book() });
}

function media(attributes: Api.TypeDocumentAttribute[], more: Partial<Api.MessageMediaDocument> = {}): Api.MessageMediaDocument {
  const document = new Api.Document({
    ...{ id: id('123456789012345678'), accessHash: id('-5'), fileReference: Buffer.from([1, 2, 255]), date: 0 },
    ...{ mimeType: 'audio/ogg', size: id(4321), dcId: 4, attributes },
  });
  return new Api.MessageMediaDocument({ document, ...more });
}

const voiceAttribute = new Api.DocumentAttributeAudio({ voice: true, duration: 9 });

describe('mapMessage', () => {
  it('keeps the styles that we know, and no entities where there are none of them', () => {
    const at = { offset: 0, length: 5 };
    const known = [new Api.MessageEntityBold(at), new Api.MessageEntityBlockquote({ ...at, collapsed: true }), new Api.MessageEntitySpoiler(at)];
    expect(map({ entities: [...known, new Api.MessageEntityUrl(at)] })?.entities).toEqual([{ type: 'bold', ...at }, { type: 'collapsed-quote', ...at }, { type: 'spoiler', ...at }]);
    expect(map({ entities: [new Api.MessageEntityMention(at)] })).not.toHaveProperty('entities');
  });

  it('keeps 64-bit numbers as they are, and bytes as base64', () => {
    expect(map({ media: media([voiceAttribute]) })?.voice).toEqual({
      ...{ kind: 'voice', durationSec: 9, documentId: '123456789012345678', accessHash: '-5', fileReference: 'AQL/' },
      ...{ dcId: 4, sizeBytes: 4321, mimeType: 'audio/ogg' },
    });
    expect(map({})).toMatchObject({ chat: { kind: 'user', id: '7', accessHash: '-77' }, dateMs: 1_700_000_000_000 });
  });

  it('tells what a bot wrote in the account’s name from what its owner typed', () => {
    const typed = { out: true };
    expect(map(typed)).toMatchObject({ outgoing: true, viaBot: false });
    expect(map({ ...typed, viaBotId: id(9) })).toMatchObject({ viaBot: true });
    const byBusinessBot = { ...typed, viaBusinessBotId: id(9) };
    expect(map(byBusinessBot)).toMatchObject({ viaBot: true });
  });

  it('tells what Telegram sent by itself from what was just sent', () => {
    expect(map({ out: true })).not.toHaveProperty('unattended');
    expect(map({ out: true, fromScheduled: true })).toMatchObject({ unattended: true });
    const awayMessage = { out: true, offline: true };
    expect(map(awayMessage)).toMatchObject({ unattended: true });
  });

  it('takes the preview of a link for no media: a command may name a link', () => {
    const webpage = new Api.WebPageEmpty({ id: id(1) });
    expect(map({ message: '.note site https://example.com', media: new Api.MessageMediaWebPage({ webpage }) })).toMatchObject({ hasMedia: false });
    expect(map({ media: new Api.MessageMediaDice({ value: 1, emoticon: '🎲' }) })).toMatchObject({ hasMedia: true });
  });

  it('takes a view-once voice for a voice, and one that was heard for mere media', () => {
    expect(map({ media: media([voiceAttribute], { voice: true, ttlSeconds: 0x7fffffff }) })?.voice?.kind).toBe('voice');
    const heard = map({ media: new Api.MessageMediaDocument({ voice: true, ttlSeconds: 0x7fffffff }) });
    expect(heard).toMatchObject({ hasMedia: true });
    expect(heard?.voice).toBeUndefined();
  });

  it.each([
    ['a GIF', [new Api.DocumentAttributeAnimated(), new Api.DocumentAttributeVideo({ duration: 3, w: 1, h: 1 })]],
    ['a video sticker', [new Api.DocumentAttributeSticker({ alt: '', stickerset: new Api.InputStickerSetEmpty() })]],
  ])('does not take %s for a voice', (_name, attributes) => {
    expect(map({ media: media(attributes) })).toMatchObject({ hasMedia: true });
    expect(map({ media: media(attributes) })?.voice).toBeUndefined();
  });

  it.each([
    ['the other side of a private chat', {}, '7'],
    ['ourselves where it is outgoing', { out: true }, SELF],
    ['the named sender in a group', { peerId: inSupergroup, fromId: fromSeven }, '7'],
    ['nobody for an anonymous admin', { peerId: inSupergroup, fromId: inSupergroup }, undefined],
    ['nobody for a channel post', { peerId: new Api.PeerChannel({ channelId: id(21) }), post: true }, undefined],
  ] as [string, Fields, string | undefined][])('names as sender %s', (_name, fields, expected) => {
    expect(map(fields)?.sender?.id).toBe(expected);
  });

  it('names a sender of whom only the min form is known, with no access hash rather than a useless one', () => {
    const message = map({ peerId: inSupergroup, fromId: new Api.PeerUser({ userId: id(8) }) });
    expect(message?.sender).toEqual({ kind: 'user', id: '8', accessHash: '0' });
    expect(message && lacksAccess(message.chat)).toBe(false);
  });

  it('says that a chat with somebody unknown cannot be answered yet', () => {
    const message = map({ peerId: new Api.PeerUser({ userId: id(9) }) });
    expect(message && lacksAccess(message.chat)).toBe(true);
  });

  it.each([
    [inSupergroup, 'supergroup'],
    [new Api.PeerChannel({ channelId: id(21) }), 'channel'],
    [new Api.PeerChat({ chatId: id(3) }), 'group'],
    [fromSeven, 'private'],
  ] as const)('tells kinds of chats apart', (peerId, expected) => {
    expect(map({ peerId })?.chatKind).toBe(expected);
  });

  it('takes as answered only a message of the same chat', () => {
    const header = (fields: Partial<Api.MessageReplyHeader>): Fields => ({
      replyTo: new Api.MessageReplyHeader({ replyToMsgId: 3, ...fields }),
    });
    expect(map(header({}))?.replyToMessageId).toBe(3);
    expect(map(header({ replyToPeerId: inSupergroup }))?.replyToMessageId).toBeUndefined();
    expect(map(header({ forumTopic: true }))?.replyToMessageId).toBeUndefined();
    expect(map(header({ forumTopic: true, replyToTopId: 1 }))?.replyToMessageId).toBe(3);
  });

  it('takes what the owner writes to themselves for outgoing although Telegram does not say so', () => {
    const peerId = new Api.PeerUser({ userId: id(SELF) });
    expect(map({ peerId })?.outgoing).toBe(true);
    expect(map({ peerId, fwdFrom: new Api.MessageFwdHeader({ date: 0 }) })).toMatchObject({ outgoing: false, forwarded: true });
  });

  it.each(['777000', '489000'])('drops everything that has to do with the service account %s', (account) => {
    const peer = new Api.PeerUser({ userId: id(account) });
    expect(map({ peerId: peer })).toBeUndefined();
    expect(map({ peerId: peer, out: true })).toBeUndefined();
    expect(map({ peerId: inSupergroup, fromId: peer })).toBeUndefined();
  });

  it('drops service messages and empty ones', () => {
    const context = { accountId: 'main', selfId: SELF, book: book() };
    const action = new Api.MessageActionHistoryClear();
    expect(mapMessage(new Api.MessageService({ id: 1, peerId: fromSeven, date: 0, action }), false, context)).toBeUndefined();
    expect(mapMessage(new Api.MessageEmpty({ id: 1 }), false, context)).toBeUndefined();
  });
});

describe('messageUpdateOf', () => {
  it('writes a short message out in full, from either side', () => {
    const short = { id: 5, userId: id(7), message: '.help', pts: 1, ptsCount: 1, date: 1_700_000_000 };
    const context = { accountId: 'main', selfId: SELF, book: book() };
    for (const [out, sender] of [[true, SELF], [false, '7']] as const) {
      const found = messageUpdateOf(new Api.UpdateShortMessage({ ...short, out }), SELF);
      expect(found && mapMessage(found.message, found.edited, context)).toMatchObject({
        ...{ chat: { kind: 'user', id: '7' }, sender: { id: sender }, outgoing: out, text: '.help', edited: false },
      });
    }
  });

  it('finds no message in what is about something else', () => {
    expect(messageUpdateOf(new Api.UpdateDeleteMessages({ messages: [1], pts: 1, ptsCount: 1 }), SELF)).toBeUndefined();
    expect(messageUpdateOf({ state: 0 }, SELF)).toBeUndefined();
  });
});

describe('AddressBook', () => {
  it('keeps a real access hash when the min form comes later, and takes it when it comes later itself', () => {
    const known = book();
    known.learn([user({ id: id(7), accessHash: id(1), min: true }), user({ id: id(8), accessHash: id(80) })]);
    expect(known.user('7').accessHash).toBe('-77');
    expect(known.user('8').accessHash).toBe('80');
  });

  it('forgets who was met longest ago, and never grows beyond its capacity', () => {
    const known = new AddressBook(3);
    for (let n = 1; n <= 3; n += 1) known.learn([user({ id: id(n), accessHash: id(n) })]);
    known.user('1');
    known.learn([user({ id: id(4), accessHash: id(4) })]);
    expect(['1', '2', '3', '4'].map((one) => known.person(one) !== undefined)).toEqual([true, false, true, true]);
  });

  it('names people by what they have: names, else user name, else id', () => {
    const known = new AddressBook();
    known.learn([
      user({ id: id(1), firstName: 'A', lastName: 'B' }),
      new Api.User({ id: id(2), usernames: [new Api.Username({ username: 'two', active: true })] }),
      new Api.User({ id: id(3), deleted: true }),
    ]);
    expect(['1', '2', '3'].map((one) => known.person(one)?.name)).toEqual(['A B', 'two', '3']);
  });
});

import { expect, it } from 'vitest';
import { notesModule } from '../../../../src/modules/builtin/notes/notes-module.js';
import { message, ownCommand } from '../../../support/messages.js';
import { moduleGround } from '../../../support/module-ground.js';
import { testRedis } from '../../../support/test-redis.js';

const context = testRedis();

it('keeps texts under names, shows, replaces and deletes them', async () => {
  const ground = await moduleGround(notesModule(), { redis: context.redis });
  expect(await ground.type('.notes')).toBe('🗒 No notes yet. For example: .note address 5 Main Street');
  expect(await ground.type('.note Адрес Садовая "5",\n  кв. 1')).toBe('✅ Kept: #адрес');
  expect(await ground.type('.note #адрес')).toBe('Садовая "5",\n  кв. 1');
  expect(await ground.type('.note адрес other')).toBe('✅ Replaced: #адрес. Before: Садовая "5", кв. 1');
  ground.gateway.incoming.set(7, message({ messageId: 7, text: 'what Anna wrote' }));
  expect(await ground.type('.note anna', { replyToMessageId: 7 })).toBe('✅ Kept: #anna');
  expect(await ground.type('.notes')).toBe('🗒 Notes: 2\n#anna what Anna wrote\n#адрес other');
  expect(await ground.type('.note anne')).toContain('There is no note #anne. Did you mean #anna?');
  expect(await ground.type('.note --delete anna')).toBe('✅ Deleted: #anna');
  expect(await ground.type('.note -d anna')).toContain('There is no note #anna.');
  expect(await ground.type('.note a/b text')).toContain('cannot be a name');
  expect(await ground.type('.note')).toContain('Which note?');
});

it('keeps the styles of a text, also of a part of the command', async () => {
  const ground = await moduleGround(notesModule(), { redis: context.redis });
  const edits: unknown[] = [];
  const editText = ground.gateway.editText.bind(ground.gateway);
  ground.gateway.editText = (...edit) => {
    edits.push(edit[2]);
    return editText(...edit);
  };
  await ground.type('.note a one two', { entities: [{ type: 'bold', offset: 8, length: 7 }, { type: 'code', offset: 0, length: 5 }, { type: 'italic', offset: 12, length: 3 }] });
  const kept = { text: 'one two', entities: [{ type: 'bold', offset: 0, length: 7 }, { type: 'italic', offset: 4, length: 3 }] };
  await ground.type('.note a');
  expect(edits.at(-1)).toEqual(kept);
  await ground.offer(ownCommand('#a', { messageId: 20 }));
  expect(edits.at(-1)).toEqual(kept);
  ground.gateway.incoming.set(7, message({ messageId: 7, text: 'hush', entities: [{ type: 'spoiler', offset: 0, length: 4 }] }));
  await ground.type('.note b', { replyToMessageId: 7 });
  await ground.type('.note b');
  expect(edits.at(-1)).toEqual({ text: 'hush', entities: [{ type: 'spoiler', offset: 0, length: 4 }] });
});

it('turns #name of the owner into the note, and nothing else', async () => {
  const ground = await moduleGround(notesModule(), { redis: context.redis, language: 'ru' });
  await ground.type('.note адрес Садовая, 5');
  const becomesTheNote = async (messageId: number) => {
    await ground.offer(ownCommand('#Адрес', { messageId }));
    await expect.poll(() => ground.gateway.messages.get(messageId)?.text).toBe('Садовая, 5');
  };
  await becomesTheNote(20);
  const untouched = [
    ownCommand('#адрес и ещё', { messageId: 21 }),
    ownCommand('#нет', { messageId: 22 }),
    ownCommand('#адрес', { messageId: 23, forwarded: true }),
    ownCommand('#адрес', { messageId: 24, edited: true }),
    ownCommand('#адрес', { messageId: 25, viaBot: true }),
    ownCommand('#адрес', { messageId: 26, hasMedia: true }),
  ];
  for (const one of untouched) await ground.offer(one);
  await becomesTheNote(30);
  for (const { messageId, text } of untouched) expect(ground.gateway.messages.get(messageId)?.text).toBe(text);
  const before = ground.gateway.calls.length;
  await ground.offer(message({ messageId: 27, text: '#адрес' }));
  expect(ground.gateway.calls.slice(before)).toEqual([]);
});

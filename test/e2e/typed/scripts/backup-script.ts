import { expect } from 'vitest';
import type { Typist } from '../typist.js';

const PASSPHRASE = 'mountain violin seven harbour';

export async function backupScript({ language, right, wrong, hostile, now, sandbox, daemon, owner, anna }: Typist): Promise<void> {
  const another = { answer: 'another', to: owner } as const;
  const files = () => sandbox.messagesOf(owner, owner).filter(({ media }) => media?.fileName?.endsWith('.backup') === true);

  await wrong('.backup', { en: 'Choose a passphrase first: .config backup passphrase …', ru: 'Сначала задайте парольную фразу: .config backup passphrase …' });
  await wrong('.config backup every week', { en: 'Choose a passphrase first', ru: 'Сначала задайте парольную фразу' });
  await wrong('.config backup passphrase password', { en: 'too easy to guess', ru: 'слишком легко подобрать' }, another);
  await right(`.config backup passphrase ${PASSPHRASE}`, /passphrase/, another);
  await right('.backup', { en: /^✅ The backup is in Saved Messages \([\d.]+\s.B\)$/, ru: /^✅ Копия в «Избранном» \([\d,]+\s.Б\)$/ });
  await right('.копия', '✅', { to: owner });
  expect(files()).toHaveLength(2);
  const backup = files()[0]!;
  expect(backup.text).toContain('.restore');
  const bytes = sandbox.fileOf(backup);
  expect(bytes.subarray(0, 17).toString()).toBe('GRAMSCRIBE BACKUP');
  for (const secret of ['violin', 'Anna', 'anna_k', anna.id]) expect(bytes.includes(secret), secret).toBe(false);

  const inReply = { to: owner, replyTo: backup };
  await right('.untrack @anna_k', /Anna/);
  const refused = await right('.restore', { en: /^♻️ [^]*\+ Anna[^]*Who may use what stays as it is\./, ru: /^♻️ [^]*\+ Anna[^]*Кто чем может пользоваться, останется как есть\./ }, inReply);
  sandbox.send.text({ from: owner, to: owner, text: '.no' });
  await expect.poll(() => now(refused)).toBe(language === 'en' ? '♻️ Nothing was changed.' : '♻️ Ничего не изменено.');
  const asked = await right('.восстановить', /\+ Anna/, inReply);
  sandbox.send.text({ from: owner, to: owner, text: '.да' });
  await expect.poll(() => now(asked)).toMatch(language === 'en' ? /^✅ Restored\. \.restart/ : /^✅ Восстановлено\. .*\.restart/);
  await right('.tracked', 'Anna');
  await right('.restore', { en: /^✅ .+\nEverything is as in the backup already\.$/, ru: /^✅ .+\nВсё и так, как в копии\.$/ }, inReply);

  await wrong('.backup now', { en: 'One too many: “now”.', ru: 'Это лишнее: «now».' });
  await wrong('.bakcup', { en: 'Did you mean .backup?', ru: 'Может быть, .backup?' });
  await wrong('.restore', { en: 'Reply to the message with the file of the backup.', ru: 'Ответьте на сообщение с файлом резервной копии.' });
  await wrong('.restore it', { en: 'One too many: “it”.', ru: 'Это лишнее: «it».' }, inReply);
  await wrong('.restore', { en: 'Reply to the message with the file', ru: 'Ответьте на сообщение с файлом' }, { replyTo: sandbox.send.text({ from: anna, to: owner, text: 'no file' }) });
  await wrong('.config backup every sometimes', /off, day, week (or|или) month/);
  await wrong('.config backup keep 0', { en: 'from 1 to 50', ru: 'от 1 до 50' });

  const gone = sandbox.send.file({ from: anna, to: owner, bytes, durationSec: 0, fileName: 'x.backup' });
  sandbox.send.delete(gone);
  await wrong('.restore', { en: 'Reply', ru: /Ответьте|нет/ }, { replyTo: gone });

  const flipped = Buffer.from(bytes);
  flipped[flipped.length - 20]! ^= 1;
  const manyRounds = Buffer.from(bytes);
  manyRounds.fill(0xff, 17, 40);
  const sent = (of: Buffer, more: { fileName?: string; claimedBytes?: number } = {}) => sandbox.send.file({ from: anna, to: owner, bytes: of, durationSec: 0, fileName: 'gramscribe.backup', ...more });
  for (const [file, en, ru] of [
    [sent(Buffer.from('#!/bin/sh\nreboot\n'), { fileName: '../../../etc/cron.d/x; $(reboot).backup' }), 'no backup of Gramscribe', 'не резервная копия'],
    [sent(Buffer.alloc(0)), 'no backup of Gramscribe', 'не резервная копия'],
    [sent(bytes.subarray(0, bytes.length / 2)), 'cut off', 'обрезан'],
    [sent(flipped), 'damaged, or was changed', 'повреждён'],
    [sent(manyRounds), 'no backup of Gramscribe', 'не резервная копия'],
    [sent(Buffer.concat([bytes, Buffer.from('{"__proto__":{}}')])), 'damaged, or was changed', 'повреждён'],
    [sent(bytes, { claimedBytes: 2_000_000_000 }), 'too large', 'слишком велик'],
  ] as const) {
    const answer = await hostile('.restore', { en, ru }, { replyTo: file });
    expect(answer.text).toMatch(/^⚠️ [^\n]{1,300}$/);
  }
  await hostile('.backup ../../etc/passwd', { en: 'One too many', ru: 'Это лишнее' });
  await hostile('.backup --passphrase hunter2hunter2', /⚠️/);
  await hostile(`.backup ${'x'.repeat(4000)}`, { en: 'One too many', ru: 'Это лишнее' });
  await hostile('.config backup passphrase "mountain violin', 'backup passphrase', another);
  await right('.config backup passphrase another harbour under seven hills', /passphrase/, another);
  await hostile('.restore', { en: '.config backup passphrase …', ru: '.config backup passphrase …' }, inReply);
  await right('.config backup keep 1', '1');
  await right('.backup', '✅');
  await expect.poll(() => files().map(({ key }) => key)).not.toContain(backup.key);
  expect(files()).toHaveLength(1);
  await right('.tracked', 'Anna');
  expect(daemon.output.join('\n')).not.toContain('violin');
}

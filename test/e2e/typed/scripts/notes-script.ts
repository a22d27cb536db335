import { expect } from 'vitest';
import type { Typist } from '../typist.js';

/** Every command of the module notes. */
export async function notesScript({ right, wrong, hostile, now, sandbox, owner, anna, boris }: Typist): Promise<void> {
  await right('.notes', { en: 'No notes yet. For example: .note address 5 Main Street', ru: /^🗒 .*\.note / });
  await right('.note wifi "the password is tea"', '#wifi');
  await right('.note wifi', 'the password is tea');
  const said = sandbox.send.text({ from: anna, to: owner, text: 'mind the gap' });
  await right('.note gap', '#gap', { replyTo: said });
  await right('#gap', 'mind the gap', { to: boris });
  await right('.notes', /#gap[^]*#wifi|#wifi[^]*#gap/);
  await right('.note --delete gap', '#gap');
  await right('.заметка Адрес Садовая, 5', '#адрес');
  await right('#АДРЕС', 'Садовая, 5');
  await right('.тщеу адрес "Садовая, 7', { en: '✅ Replaced: #адрес. Before: Садовая, 5', ru: '✅ Заменено: #адрес. Было: Садовая, 5' });
  await right('.note #адрес', '"Садовая, 7');
  await right('.note list <b>one</b>\n**two** & `three`', '#list');
  await right('#list', '<b>one</b>\n**two** & `three`', { to: boris });
  await right('.заметки', { en: /^🗒 Notes: 3\n[^]*#адрес "Садовая, 7/, ru: /^🗒 Заметок: 3\n[^]*#адрес "Садовая, 7/ });
  await right('.note -d адрес', { en: '✅ Deleted: #адрес', ru: '✅ Удалено: #адрес' });

  await wrong('.note wfii', { en: 'There is no note #wfii. Did you mean #wifi?', ru: '#wifi' });
  await wrong('.note', { en: 'Which note?', ru: 'Как' });
  await wrong('.note two words/here x', { en: '#two', ru: '#two' });
  await wrong('.note --delete wfii', { en: 'There is no note #wfii. Did you mean #wifi?', ru: 'Заметки #wfii нет. Может быть, #wifi?' });
  await wrong('.note --delet wifi', { en: 'There is no --delet. Did you mean --delete?', ru: '--delete' });
  await wrong('.note 🙂 x', { en: '“🙂” cannot be a name', ru: '«🙂» не подходит как имя' });
  await wrong('.note nothing', { en: 'There is no note #nothing.', ru: 'Заметки #nothing нет.' }, { replyTo: sandbox.send.voice({ from: boris, to: owner, bytes: Buffer.from('x'), durationSec: 1 }), to: boris });
  await wrong('.notes all', { en: 'One too many: “all”.', ru: 'all' });

  await hostile('.note ../../etc/passwd x', { en: 'cannot be a name', ru: 'не' });
  await hostile('.note __proto__ polluted', '__proto__');
  await hostile('.note constructor', /#constructor/);
  await hostile(`.note ${'n'.repeat(4000)} x`, /32/);
  await hostile('.note \u202eeman x', { en: '“eman” cannot be a name', ru: '«eman» не подходит' });
  await hostile('.note "never closed', /^⚠️ [^\n]+$/);
  await hostile(`.note long ${'x'.repeat(4000)}`, '#long');
  await right('#long', /^x{4000}$/);
  await hostile('.note --delete ../../long', /^⚠️ [^\n]+$/);
  await hostile('.note lone \ud83d', '#lone');
  await hostile(`.notes ${'x'.repeat(4000)}`, /^⚠️ [^\n]{1,200}$/);
  await hostile('.notes $(reboot) `id`', '⚠️');
  // What comes out of a note is neither a note nor a command.
  await right('.note self #self .stop', '#self');
  const shown = await right('#self', '#self .stop');
  expect(now(shown)).toBe('#self .stop');
}

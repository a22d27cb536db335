import { expect } from 'vitest';
import { typedInBothLanguages } from './typist.js';

typedInBothLanguages('notes', async ({ right, wrong, hostile, now, sandbox, owner, anna, boris }) => {
  await right('.notes', { en: 'No notes yet. For example: .note address 5 Main Street', ru: /^🗒 .*\.note / });
  await right('.note wifi "the password is tea"', '#wifi');
  await right('.note wifi', 'the password is tea');
  const said = sandbox.send.text({ from: anna, to: owner, text: 'mind the gap' });
  await right('.note gap', '#gap', { replyTo: said });
  await right('#gap', 'mind the gap', { to: boris });
  await right('.notes', /#gap[^]*#wifi|#wifi[^]*#gap/);
  await right('.note --delete gap', '#gap');

  await wrong('.note wfii', { en: 'There is no note #wfii. Did you mean #wifi?', ru: '#wifi' });
  await wrong('.note', { en: 'Which note?', ru: 'Как' });
  await wrong('.note two words/here x', { en: '#two', ru: '#two' });
  await wrong('.notes all', { en: 'One too many: “all”.', ru: 'all' });

  await hostile('.note ../../etc/passwd x', { en: 'cannot be a name', ru: 'не' });
  await hostile('.note __proto__ polluted', '__proto__');
  await hostile('.note constructor', /#constructor/);
  await hostile(`.note ${'n'.repeat(4000)} x`, /32/);
  await hostile('.notes $(reboot) `id`', '⚠️');
  // What comes out of a note is neither a note nor a command.
  await right('.note self #self .stop', '#self');
  const shown = await right('#self', '#self .stop');
  expect(now(shown)).toBe('#self .stop');
});

import { expect } from 'vitest';
import type { SandboxMessage } from '../../../../src/sandbox/control/views.js';
import { answersTo } from '../../ground.js';
import type { Typist } from '../typist.js';

/** Every command of the module reports. */
export async function reportsScript(typist: Typist): Promise<void> {
  const { right, wrong, hostile, sandbox, owner, anna } = typist;
  const off = { en: '🔕 Reports are off in the settings. On: .config reports on yes', ru: '🔕 Отчёты выключены в настройках. Включить: .config reports on yes' };
  await right('.mute 2h', off);
  await right('.unmute', off);

  // A recording that is none is a warning in the log.
  const breaks = async (): Promise<void> => {
    const voice = sandbox.send.voice({ from: anna, to: owner, bytes: Buffer.from('this is no audio'), durationSec: 3 });
    await answersTo(typist, voice);
  };
  const club = sandbox.addSupergroup({ title: 'Operators', members: [owner, anna] });
  const isReport = ({ chatKey, text }: SandboxMessage): boolean => chatKey === club.key && text.startsWith('🔔');
  const reports = (): string[] => sandbox.messagesOf(club.key, owner).filter(isReport).map(({ text }) => text);

  await right('.config reports on yes', 'off → on');
  await wrong('.config reports chat @nobody_at_all', { en: 'Nobody is known as @nobody_at_all.', ru: '@nobody_at_all' });
  await wrong('.config reports chat -1009999999999', { en: 'This account has not met that chat', ru: 'Этот чат или человек пока не встречался' });
  await wrong('.config reports chat ../../etc', { en: '“../../etc” does not fit', ru: '«../../etc»' });
  await wrong('.config reports digest 1s', /1m.+1d/);
  await wrong('.config reports level debug', /warn.+error/);
  await right(`.config reports chat -100${club.id ?? ''}`, `me → -100${club.id ?? ''}`);

  await right('.mute', { en: /^🔕 No reports until .*\d\d:\d\d\. .+ in \.logs\. Sooner: \.unmute$/, ru: /^🔕 Без отчётов до .*\d\d:\d\d\. .+ в \.logs\. Раньше: \.unmute$/ });
  await right('.mute 90m', /^🔕 .+\d\d:\d\d/);
  await right('.молчи на 2 часа', /^🔕 .+\d\d:\d\d/);
  await right('.ьгеу for half an hour', /^🔕 .+\d\d:\d\d/);
  await right('.mute навсегда', { en: '🔕 No reports until .unmute', ru: '🔕 Без отчётов, пока не наберёте .unmute' });
  await breaks();
  await right('.говори', { en: '🔔 Reports again', ru: '🔔 Снова с отчётами' });
  await right('.unmute', { en: '🔔 They were not muted', ru: '🔔 Отчёты и так приходят' });
  expect(reports()).toEqual([]);
  await breaks();
  const report = await sandbox.waitForMessage(isReport, { timeoutMs: 30_000 });
  expect(report.text).toMatch(/^🔔 (In the log|В журнале):\n⚠️ [^\n]+ · \d\d:\d\d$/);
  // What follows within ten minutes waits for the digest.
  await breaks();

  for (const time of ['soon', '30', 'NaN', '2 parsecs']) await wrong(`.mute ${time}`, { en: new RegExp(`^⚠️ .*“${time}”.*90s`), ru: new RegExp(`^⚠️ .*«${time}».*90s`) });
  for (const time of ['0', '1s', '-2h', '400d', '99999999999999999999h']) await wrong(`.mute ${time}`, { en: /^⚠️ .*1m.*366d/, ru: /^⚠️ .*1m.*366d/ });
  await wrong('.unmute now', { en: 'One too many: “now”.', ru: 'now' });
  for (const time of ['__proto__', '$(reboot)', '../..', '"1h', '<b>1h</b>', '\u202eh1', 'x'.repeat(4000)]) await hostile(`.mute ${time}`, /^⚠️ [^\n]{1,400}$/);
  for (const more of ['$(reboot)', '__proto__', '"', 'x'.repeat(4000)]) await hostile(`.unmute ${more}`, /^⚠️ [^\n]{1,400}$/);
  expect(reports()).toHaveLength(1);
}

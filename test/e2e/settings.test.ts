import { expect, test } from 'vitest';
import { command, ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off', LOG_LEVEL: 'debug' });
const SECRET = 'correct horse battery staple 17';

test('what the owner chose is there after kill -9; a secret leaves no trace in the chat, the log or the file', async () => {
  const { sandbox, daemon, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: `.config backup passphrase ${SECRET}` });
  const said = await sandbox.waitForMessage(({ chatKey, text }) => chatKey === typed.chatKey && text.includes('passphrase is set'), { timeoutMs: 120_000 });
  await expect.poll(() => sandbox.messagesOf(typed.chatKey, owner).map(({ key }) => key)).not.toContain(typed.key);
  expect(said.text).not.toContain(SECRET);
  expect(await command(context, '.config reports digest полчаса')).toBe('✅ reports digest: 10m → 30m');
  expect(await command(context, '.config reports digest 1s')).toContain('from 1m to 1d');
  expect(await command(context, '.note адрес Садовая, 5')).toContain('#адрес');
  expect(await command(context, '.alias д = config reports digest')).toContain('.д');
  expect(await command(context, '.disable status')).toContain('💤');
  expect(await command(context, '.lang-ui ru')).toContain('Теперь по-русски');
  expect(await command(context, '.setprefix !')).toContain('!help');

  await daemon.end('SIGKILL');
  await daemon.start();
  expect(await command(context, '!д')).toContain('Сейчас: 30m');
  expect(await command(context, '!config backup')).toContain('passphrase = •••• (задано)');
  expect(await command(context, '!modules')).toContain('💤 status');
  expect(await command(context, '!enable status')).toContain('✅');
  expect(await command(context, '#адрес')).toBe('Садовая, 5');
  expect(await command(context, '!config --export')).toContain('Настроек: 1; секретов пропущено: 1');
  const file = await sandbox.waitForMessage(({ media }) => media?.fileName === 'gramscribe-settings.json', { timeoutMs: 60_000 });
  expect(JSON.parse(sandbox.fileOf(file).toString())).toEqual({ gramscribe: 'settings', format: 1, modules: { reports: { digest: 1_800_000 } } });

  expect(sandbox.messagesOf(typed.chatKey, owner).map(({ text }) => text).join('\n')).not.toContain(SECRET);
  expect(daemon.output.join('\n')).not.toContain(SECRET.slice(0, 13));
});

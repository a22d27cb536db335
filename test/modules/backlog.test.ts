import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { backlogCommand } from '../../src/modules/builtin/backlog.js';
import { CommandError } from '../../src/modules/command-error.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { ownCommand } from '../support/messages.js';

const never = new AbortController().signal;
const lateVoices = {
  summary: () => Promise.resolve({ ask: { voices: 2, chats: 1 }, tooOld: { voices: 1, chats: 1 }, dropped: 4 }),
  answer: () => Promise.resolve(3),
  skip: () => Promise.resolve(0),
};

function type(text: string, language: 'en' | 'ru'): Promise<string> {
  const texts = textsFor(language);
  const [, ...args] = text.split(' ');
  const call = { message: ownCommand(text), args, gateway: new FakeGateway() };
  return backlogCommand(lateVoices, texts.backlog).run(call, texts.commands, never);
}

test('shows what is set aside and why, in both languages', async () => {
  expect(await type('.backlog', 'en')).toBe(
    [
      '🕰 Set aside, not answered:',
      '• 2 voice messages from 1 chat: came while I was away',
      '• 1 voice message from 1 chat: too old (GRAMSCRIBE_BACKLOG)',
      '.backlog answer or .backlog skip',
      'Skipped so far: 4',
    ].join('\n'),
  );
  expect(await type('.backlog', 'ru')).toContain('• пришли, пока меня не было (голосовых: 2, чатов: 1)');
});

test.each([
  ['.backlog answer', 'en', '✅ Writing down: 3 voice messages'],
  ['.backlog ответить', 'ru', '✅ Расшифровываю голосовые: 3'],
  ['.backlog SKIP', 'en', '👌 There is nothing to skip.'],
] as const)('%s decides about it (%s)', async (text, language, answer) => {
  expect(await type(text, language)).toBe(answer);
});

test.each(['.backlog all', '.backlog answer now'])('%s says how it is used', async (text) => {
  await expect(type(text, 'en')).rejects.toThrow(CommandError);
});

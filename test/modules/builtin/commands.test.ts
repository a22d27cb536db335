import { expect, test } from 'vitest';
import { defineModule } from '../../../src/modules/contract/index.js';
import { commandGround } from '../../support/command-ground.js';

const voice = defineModule({
  name: 'voice',
  version: '2.0.0',
  about: { en: { title: 'Voice', summary: 'writes voices down' }, ru: { title: 'Голосовые', summary: 'расшифровывает голосовые' } },
  commands: (command) => [
    command({
      name: 'track',
      aliases: ['следи'],
      about: {
        en: { summary: 'write a person down', details: 'Until you say otherwise.', examples: [{ type: 'track @anna', does: 'Anna from now on' }] },
        ru: { summary: 'расшифровывать человека', examples: [{ type: 'track @anna', does: 'Анна, с этого момента' }] },
      },
      args: { who: { kind: 'peer', fromReply: true, label: { en: 'person', ru: 'человек' } } },
      flags: { for: { kind: 'duration', short: 'f', about: { en: 'how long', ru: 'как долго' } } },
      access: 'owner',
      run: () => Promise.resolve('tracked'),
    }),
    command({
      name: 'voice',
      about: { en: { summary: 'a twin', examples: [{ type: 'voice', does: 'x' }] }, ru: { summary: 'тёзка', examples: [{ type: 'voice', does: 'x' }] } },
      run: () => Promise.resolve('twin'),
    }),
  ],
});

const aliases = new Map([['t', 'track --for 2h']]);

test('`.help` lists what is on by module, in the language that was chosen', async () => {
  const off = { ...voice, name: 'evaluate', commands: [] };
  const ground = commandGround([voice, off], { off: ['evaluate'] });
  expect(await ground.answerTo('.help')).toBe(
    '🎙 Gramscribe\n\nVoice: .track .voice\nCommands: .help .cancel .yes .no\n\nOff: evaluate\n\nMore: .help and a name',
  );
  const russian = commandGround([voice], { language: 'ru', prefix: '!' });
  expect(await russian.answerTo('!рудз')).toBe(
    '🎙 Gramscribe\n\nГолосовые: !track !voice\nКоманды: !help !cancel !yes !no\n\nПодробнее: !help и название',
  );
});

test.each(['.help track', '.help .track', '.help следи', '.help TRACK', '.track -h', '.track --help', '.t --help'])(
  '%s tells all of one command',
  async (typed) => {
    const ground = commandGround([voice], { aliases });
    const help = [
      '.track [person] [--for …]',
      'write a person down',
      'Also: .следи',
      '',
      '• person: @name, a t.me link, an id, or me, or in reply',
      '• --for …, -f: how long · a time (90s, 30m, 2h30m)',
      '',
      'Until you say otherwise.',
      '',
      'Examples',
      '.track @anna · Anna from now on',
      '',
      'Only you · Voice',
    ];
    expect(await ground.answerTo(typed)).toBe(help.join('\n'));
  },
);

test('an alias says what it stands for, and a command whose module has the same name says how to ask for that', async () => {
  const ground = commandGround([voice], { aliases });
  expect(await ground.answerTo('.help t')).toMatch(/^\.t stands for \.track --for 2h\n\n\.track \[person\]/);
  expect(await ground.answerTo('.help voice')).toMatch(/The module of this name: \.help voice -m$/);
  expect(await ground.answerTo('.help voice -m')).toBe(
    'Voice · voice 2.0.0\nwrites voices down\n\n.track [person] [--for …] · write a person down\n.voice · a twin',
  );
});

test('what nothing is named gets the nearest name', async () => {
  const ground = commandGround([voice], { language: 'ru' });
  expect(await ground.answerTo('.help trakc')).toBe('⚠️ Нет ни команды, ни модуля trakc. Может быть, track?');
  expect(await ground.answerTo('.help xyzzy')).toBe('⚠️ Нет ни команды, ни модуля xyzzy.');
  expect(await ground.answerTo('.help a b')).toBe('⚠️ Это лишнее: «b». Вот так: .help [команда | модуль] [--module]');
});

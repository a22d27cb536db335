import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsModule } from '../../../../src/modules/builtin/settings/settings-module.js';
import { CommandRefusal, defineModule, type Module, type ModuleLanguage } from '../../../../src/modules/contract/index.js';
import { AccountSettings } from '../../../../src/modules/settings/account-settings.js';
import { StoredModuleSettings } from '../../../../src/store/module-settings.js';
import { OwnerChoices } from '../../../../src/store/owner-choices.js';
import { SessionVault } from '../../../../src/telegram/session-vault.js';
import { message } from '../../../support/messages.js';
import { moduleGround, type ModuleGround } from '../../../support/module-ground.js';
import { silentLog } from '../../../support/silent-log.js';
import { testRedis } from '../../../support/test-redis.js';

const context = testRedis();
let folder: string;
let accounts = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gramscribe-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function probe(name: string): Module {
  const about = { summary: 'x', examples: [{ type: 'greet', does: 'y' }] };
  return defineModule({
    name,
    version: '1.2.0',
    about: { en: { title: 'Probe', summary: 'tries' }, ru: { title: 'Проба', summary: 'пробует' } },
    settings: {
      speed: { kind: 'integer', min: 0, max: 100, default: 5, about: { en: 'how fast', ru: 'как быстро' } },
      words: { kind: 'list', of: { kind: 'string' }, maxItems: 4, default: ['a'], about: { en: 'which', ru: 'какие' } },
      greeting: { kind: 'string', default: '', about: { en: 'what to say', ru: 'что сказать' } },
      port: { kind: 'integer', default: 80, restart: true, about: { en: 'where', ru: 'где' } },
      token: { kind: 'secret', default: '', about: { en: 'a secret', ru: 'секрет' } },
    },
    settingsChanged: ({ speed }) => (speed === 13 ? Promise.reject(new CommandRefusal('Not 13.')) : Promise.resolve()),
    commands: (command) => [
      command({ name: `${name}-greet`, about: { en: about, ru: about }, run: (_call, { settings }) => Promise.resolve(`${settings.greeting}${settings.speed}`) }),
    ],
  });
}

async function ground(options: { language?: ModuleLanguage; modules?: Module[]; account?: string } = {}): Promise<ModuleGround & { choices: OwnerChoices }> {
  const { language = 'en', modules = [probe('probe')], account = `s${(accounts += 1)}` } = options;
  const choices = new OwnerChoices({ redis: context.redis, account, configured: { prefix: '.', language } });
  await choices.load();
  const settings = new AccountSettings({
    accountId: account,
    store: new StoredModuleSettings(context.redis, account),
    seal: new SessionVault({ folder }),
    directory: () => made.host,
    notTaken: (name) => name,
    log: silentLog(),
  });
  const module = settingsModule({ directory: () => made.host, settings, choices });
  const made: ModuleGround = await moduleGround([{ module, needed: true }, ...modules.map((each) => ({ module: each }))], {
    redis: context.redis, accountId: account, choices, settingsSource: settings,
  });
  return Object.assign(made, { choices });
}

describe('.config', () => {
  it('shows modules, their settings and one of them', async () => {
    const { type } = bound(await ground());
    expect(await type('.config')).toBe('⚙️ Settings\nprobe · Probe · 5 settings\n\nMore: .config module');
    expect(await type('.config probe speed')).toBe('⚙️ probe speed\nhow fast\n\nNow: 5 (default)\nTakes: a whole number from 0 to 100');
    await type('.config probe speed 7');
    expect(await type('.config probe')).toContain('speed = 7 ✏️\nhow fast\na whole number from 0 to 100\n\nwords = a\nwhich\na list');
    expect(await type('.config probe speed')).toContain('Now: 7\nDefault: 5');
    expect(await type('.config')).toContain('5 settings, changed: 1');
  });

  it('changes a setting by what is typed or replied to, and says from what to what', async () => {
    const one = await ground();
    const { type } = bound(one);
    expect(await type('.config probe greeting  good  morning, ')).toBe('✅ probe greeting: "" → good  morning,');
    expect(await type('.probe-greet')).toBe('good  morning,5');
    expect(await type('.config probe greeting "hi "')).toContain('→ "hi "');
    expect(await type('.config probe greeting ""')).toContain('→ ""');
    one.gateway.incoming.set(7, message({ messageId: 7, text: '42' }));
    expect(await type('.config probe speed', { replyToMessageId: 7 })).toBe('✅ probe speed: 5 → 42');
    expect(await type('.config probe speed = 42')).toBe('👌 probe speed is so already.');
    expect(await type('.config probe port 81')).toBe('✅ probe port: 80 → 81\n⏳ Counts after a restart.');
    expect(await type('.config probe speed --reset')).toBe('✅ probe speed: 42 → 5');
  });

  it('adds to lists and takes from them', async () => {
    const { type } = bound(await ground());
    expect(await type('.config probe words += b, "c, d"')).toBe('✅ probe words: a → a, b, "c, d"');
    expect(await type('.config probe words +=b')).toContain('👌');
    expect(await type('.config probe words -= a, b')).toBe('✅ probe words: a, b, "c, d" → "c, d"');
    expect(await type('.config probe words += 1, 2, 3, 4')).toContain('4 at most');
    expect(await type('.config probe words none')).toContain('→ none');
    expect(await type('.config probe speed += 1')).toContain('speed is no list');
  });

  it('says what was wrong, and what was nearly right', async () => {
    const { type } = bound(await ground());
    expect(await type('.config prob')).toContain('There is no module prob. Did you mean probe?');
    expect(await type('.config probe sped')).toContain('probe has no setting sped. Did you mean speed?');
    expect(await type('.config probe speed fast')).toContain('speed: “fast” does not fit: it takes a whole number from 0 to 100.');
    expect(await type('.config probe speed 500')).toContain('Perhaps 100?');
    expect(await type('.config probe speed 13')).toContain('Not 13.');
    expect(await type('.config settings')).toContain('settings has no settings.');
    expect(await type('.probe-greet')).toBe('5');
  });

  it('never leaves a secret in the chat, whatever became of it', async () => {
    const one = await ground();
    const hostile = ['.config probe token hunter2', '.config probe tokn hunter2', '.config prob token hunter2', '.config probe token += hunter2'];
    for (const text of hostile) expect(await one.type(text), text).toBeUndefined();
    one.gateway.incoming.set(7, message({ messageId: 7, text: 'hunter2', outgoing: true }));
    one.gateway.messages.set(7, { text: 'hunter2' });
    expect(await one.type('.config probe token', { replyToMessageId: 7 })).toBeUndefined();
    expect(one.gateway.messages.has(7)).toBe(false);
    expect(await one.type('.config probe')).toContain('token = •••• (set)');
    expect([...one.gateway.messages.values()].map(({ text }) => text).join()).not.toContain('hunter2');
    expect(JSON.stringify(one.lines)).not.toContain('hunter2');
  });

  it('resets a whole module where that is confirmed', async () => {
    const { type } = bound(await ground());
    await type('.config probe speed 7');
    expect(await type('.config probe --reset', { confirm: false })).toBe('👌 Everything stays as it is.');
    expect(await type('.config probe --reset', { confirm: true })).toBe('✅ Back to the defaults: probe (speed)');
    expect(await type('.config probe --reset')).toBe('👌 Nothing was changed there.');
  });

  it('exports what was chosen without secrets, and imports it elsewhere', async () => {
    const one = await ground();
    expect(await one.type('.config --export')).toContain('Nothing was changed');
    await one.type('.config probe speed 7');
    await one.type('.config probe words x, y');
    await one.type('.config probe token hunter2');
    expect(await one.type('.config --export')).toBe('📤 The file is in Saved Messages. Settings: 2; secrets left out: 1');
    const file = [...one.gateway.files.values()][0]!;
    expect(new TextDecoder().decode(file.bytes)).not.toContain('hunter2');
    const two = await ground({ language: 'ru' });
    offerFile(two, file.bytes);
    expect(await two.type('.config --import', { replyToMessageId: 8, confirm: true })).toBe('✅ Изменено настроек: 2');
    expect(two.gateway.calls.join('\n')).toContain('📥 Изменится:\n• probe speed: 5 → 7\n• probe words: a → x, y');
    expect(await two.type('.config --import', { replyToMessageId: 8 })).toBe('👌 Всё, что в файле, уже так и задано.');
  });

  it('imports nothing of a file that does not fit whole, and nothing that a module refuses', async () => {
    const one = await ground({ modules: [probe('probe'), probe('second')] });
    const file = (modules: object, format = 1): Uint8Array => Buffer.from(JSON.stringify({ gramscribe: 'settings', format, modules }));
    const refused: [Uint8Array, string][] = [
      [Buffer.from('\xff{'), 'not one that'],
      [Buffer.from('[]'), 'not one that'],
      [file({}, 2), 'newer version'],
      [file({ probe: { speed: 6, sped: 1, token: 'x', words: 'a' }, gone: {} }), 'probe has no setting sped\n• probe token is a secret; secrets are set by hand\n• probe words: takes a list'],
      [Buffer.from('{"gramscribe":"settings","format":1,"modules":{"probe":{"__proto__":{"speed":1},"constructor":1}}}'), 'no setting constructor'],
    ];
    for (const [bytes, why] of refused) {
      offerFile(one, bytes);
      expect(await one.type('.config --import', { replyToMessageId: 8, confirm: true })).toContain(why);
    }
    offerFile(one, file({ probe: { speed: 6 }, second: { speed: 13 } }));
    expect(await one.type('.config --import', { replyToMessageId: 8, confirm: true })).toContain('Nothing was changed: second does not take it. Not 13.');
    expect(await one.type('.probe-greet')).toBe('5');
    expect(await one.type('.config --import')).toContain('Reply to the file');
  });
});

describe('how commands are typed and answered', () => {
  it('a prefix counts at once, and tells the way back', async () => {
    const { type } = bound(await ground());
    for (const bad of ['a', '@', '..', '5']) expect(await type(`.setprefix ${bad}`)).toContain('cannot begin commands');
    expect(await type('.setprefix !')).toContain('✅ Commands begin with ! now: !help\nBack: !setprefix .');
    expect(await type('.setprefix')).toBe('.setprefix');
    expect(await type('!setprefix')).toBe('Commands begin with !');
    expect(await type('!setprefix reset')).toContain('begin with . now');
  });

  it('an alias stands for a command and takes nobody’s place', async () => {
    const { type } = bound(await ground());
    expect(await type('.alias s = config probe speed')).toBe('✅ .s = .config probe speed');
    expect(await type('.s 9')).toBe('✅ probe speed: 5 → 9');
    expect(await type('.alias .t=.s 10')).toBe('✅ .t = .s 10');
    expect(await type('.t')).toBe('✅ probe speed: 9 → 10');
    expect(await type('.alias s = t')).toContain('in a circle: s → t → s');
    expect(await type('.alias config = s')).toContain('config is a command');
    expect(await type('.alias 1 = s')).toContain('cannot be an alias');
    expect(await type('.alias x = confg')).toContain('Did you mean config?');
    expect(await type('.alias x')).toContain('Like this: .alias p = ping');
    expect(await type('.alias')).toBe('🏷 Aliases\n.s = .config probe speed\n.t = .s 10');
    expect(await type('.unalias .t')).toBe('✅ Forgotten: t');
    expect(await type('.unalias t')).toContain('There is no alias t.');
  });

  it('the language of answers changes with the next one', async () => {
    const { type } = bound(await ground());
    expect(await type('.lang-ui')).toContain('English');
    expect(await type('.lang-ui ru')).toBe('✅ Теперь по-русски.');
    expect(await type('.config prob')).toContain('Модуля prob нет. Может быть, probe?');
  });
});

it('modules are listed, switched off and on, but for the needed ones', async () => {
  const { type } = bound(await ground());
  expect(await type('.modules')).toContain('✅ probe 1.2.0 · tries');
  expect(await type('.disable probe')).toBe('💤 Off: probe. Back: .enable probe');
  expect(await type('.disable probe')).toContain('off already');
  expect(await type('.modules')).toContain('💤 probe');
  expect(await type('.config probe speed 8')).toContain('5 → 8');
  expect(await type('.enable prob')).toContain('Did you mean probe?');
  expect(await type('.enable probe')).toBe('✅ On: probe');
  expect(await type('.probe-greet')).toBe('8');
  expect(await type('.disable settings')).toContain('cannot be switched off');
});

it('people and chats are ignored by reply, name, id and where one is', async () => {
  const one = await ground();
  const { type } = bound(one);
  one.gateway.people.push({ peer: { kind: 'user', id: '5', accessHash: '55' }, name: 'Anna', username: 'anna' });
  expect(await type('.ignore')).toBe('🙈 Nobody is ignored.');
  one.gateway.incoming.set(7, message({ messageId: 7, text: 'hi' }));
  expect(await type('.ignore', { replyToMessageId: 7 })).toBe('✅ Ignored: Anna (5)');
  expect(await type('.ignore @anna')).toBe('👌 Ignored already: Anna (5)');
  expect(await type('.ignore here', { chat: { kind: 'channel', id: '12345', accessHash: '1' }, chatKind: 'supergroup' })).toBe('✅ Ignored: chat -10012345');
  expect(await type('.ignore')).toContain('• Anna (5)');
  expect(one.choices.ignores(message())).toBe(true);
  expect(await type('.ignore me')).toContain('That is you.');
  expect(await type('.ignore @nobody')).toBe('⚠️ Nobody is known as @nobody.');
  expect(await type('.unignore 5')).toBe('✅ No longer ignored: Anna (5)');
  expect(await type('.unignore -10012345')).toBe('✅ No longer ignored: chat -10012345');
  expect(await type('.unignore -10012345')).toContain('Not ignored anyway');
  expect(await type('.unignore')).toContain('Whom?');
});

function bound(made: ModuleGround): Pick<ModuleGround, 'type'> {
  return { type: (text, options) => made.type(text, options) };
}

function offerFile(made: ModuleGround, bytes: Uint8Array): void {
  const file = { name: 'gramscribe-settings.json', mimeType: 'application/json' };
  made.gateway.incoming.set(8, message({ messageId: 8, hasMedia: true, outgoing: true, file: { ...file, sizeBytes: bytes.length } }));
  made.gateway.files.set(8, { ...file, bytes });
}

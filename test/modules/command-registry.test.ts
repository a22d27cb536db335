import { expect, test } from 'vitest';
import { ModelRefusedError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import { helpCommand } from '../../src/modules/builtin/help.js';
import { modelCommand } from '../../src/modules/builtin/model.js';
import { pingCommand } from '../../src/modules/builtin/ping.js';
import { readableDuration } from '../../src/modules/builtin/readable-duration.js';
import { statusCommand } from '../../src/modules/builtin/status.js';
import { trackCommand, trackedCommand, untrackCommand, type TrackedList } from '../../src/modules/builtin/tracking.js';
import { parseCommandLine } from '../../src/modules/command-line.js';
import { CommandRegistry } from '../../src/modules/command-registry.js';
import type { Command } from '../../src/modules/command.js';
import { switchModel } from '../../src/speech/switch-model.js';
import type { Tracked } from '../../src/store/tracked-list.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { message, ownCommand } from '../support/messages.js';
import { recordedLog } from '../support/silent-log.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';

const texts = textsFor('en').commands;

class TrackedInMemory implements TrackedList {
  readonly users = new Map<string, Tracked>();
  add(_account: string, user: Tracked): Promise<boolean> {
    const added = !this.users.has(user.id);
    this.users.set(user.id, user);
    return Promise.resolve(added);
  }
  remove(_account: string, id: string): Promise<boolean> {
    return Promise.resolve(this.users.delete(id));
  }
  list(): Promise<Tracked[]> {
    return Promise.resolve([...this.users.values()]);
  }
}

function ground() {
  const gateway = new FakeGateway();
  gateway.people.push({ peer: { kind: 'user', id: '5', accessHash: '55' }, name: 'Anna', username: 'anna' });
  const tracked = new TrackedInMemory();
  const { log, lines } = recordedLog();
  const present = (): Promise<string[]> => Promise.resolve(['base', 'small', 'broken', 'own-model']);
  const engine = {
    model: 'base',
    useModel: (name: string) => (name === 'broken' ? Promise.reject(new ModelRefusedError('memory', 'too large')) : Promise.resolve(void (engine.model = name))),
  };
  const settings = { model: () => Promise.resolve(undefined), chooseModel: () => Promise.resolve() };
  const commands: Command[] = [
    helpCommand(() => commands, '.'),
    pingCommand(),
    trackCommand(tracked, () => 1),
    untrackCommand(tracked),
    trackedCommand(tracked),
    modelCommand({
      current: () => engine.model,
      present,
      use: (name, signal) => switchModel(name, { engine, present, settings, log }, signal),
    }),
    statusCommand(() => Promise.reject(new Error('Redis is away'))),
  ];
  const registry = new CommandRegistry({ commands, prefix: '.', texts, gatewayFor: () => gateway, log });
  const type = async (given: string | IncomingMessage): Promise<string | undefined> => {
    gateway.messages.clear();
    await registry.handle(typeof given === 'string' ? ownCommand(given) : given, new AbortController().signal);
    return gateway.texts()[0];
  };
  return { gateway, tracked, type, lines, registry };
}

test.each([
  ['.ping', { name: 'ping', args: [] }],
  ['.TRACK  @anna', { name: 'track', args: ['@anna'] }],
  ['..ping', undefined],
  ['.', undefined],
  ['. ping', undefined],
  ['...', undefined],
  ['.5 litres', undefined],
  ['ping', undefined],
])('%s is read as %o', (text, expected) => {
  expect(parseCommandLine(text, '.')).toEqual(expected);
});

test('the command message is edited into the answer', async () => {
  const { gateway, type } = ground();
  expect(await type('.ping')).toBe('🏓 42 ms');
  expect(gateway.calls).toEqual(['ping', 'edit 🏓 42 ms']);
});

test('help names every command', async () => {
  const help = await ground().type('.help');
  for (const name of ['.help', '.ping', '.track [@name | id]', '.untrack', '.tracked', '.model [name]', '.status']) expect(help).toContain(name);
});

test.each<[string, Partial<IncomingMessage>]>([
  ['someone else', { outgoing: false }],
  ['an edit', { edited: true }],
  ['a forward', { forwarded: true }],
  ['an inline bot', { viaBot: true }],
  ['a caption', { hasMedia: true }],
])('a command from %s is not run', async (_name, over) => {
  const { gateway, type } = ground();
  expect(await type(ownCommand('.ping', over))).toBeUndefined();
  expect(gateway.calls).toEqual([]);
});

test('a typing error gets the nearest command; other words that begin with a dot are left alone', async () => {
  const { type } = ground();
  expect(await type('.trak')).toContain('.track');
  expect(await type('.gitignore is a file')).toBeUndefined();
});

test('people are tracked by chat, name, id and reply, listed, and untracked', async () => {
  const { gateway, tracked, type } = ground();
  expect(await type('.track')).toContain('Anna @anna');
  expect(await type('.track @anna')).toBe(texts.track.already('Anna @anna'));
  expect(await type('.tracked')).toContain('Anna @anna (5)');
  expect(await type('.untrack 5')).toBe(texts.untrack.removed('Anna @anna'));
  expect(await type('.untrack')).toBe(texts.untrack.notTracked('Anna @anna'));
  const group = { chat: { kind: 'group', id: '3' }, chatKind: 'group' } as const;
  gateway.incoming.set(40, message({ ...group, messageId: 40 }));
  expect(await type(ownCommand('.track', { ...group, replyToMessageId: 40 }))).toContain('Anna');
  expect([...tracked.users.keys()]).toEqual(['5']);
  expect(await type('.track https://t.me/anna')).toContain('Anna');
});

test('whoever cannot be found is said in words', async () => {
  const { type } = ground();
  expect(await type('.track @nobody_here')).toContain('@nobody_here');
  expect(await type('.track @anna @boris')).toContain(texts.person.tooMany);
  expect(await type(ownCommand('.track', { chat: { kind: 'group', id: '3' } }))).toContain(texts.person.sayWho);
  expect(await type(ownCommand('.track', { replyToMessageId: 1 }))).toContain(texts.person.replyWithoutPerson);
  expect(await type('.tracked')).toBe(texts.tracked.nobody);
});

test('the model is shown, switched, and refused where it is not here', async () => {
  const { type } = ground();
  expect(await type('.model')).toBe('🧠 Model: base\nOn this machine: base, small, broken, own-model');
  expect(await type('.model small')).toBe(texts.model.switched('small'));
  expect(await type('.model small')).toBe('🧠 Model: small');
  expect(await type('.model huge')).toBe('⚠️ There is no model named huge. On this machine: base, small, broken, own-model');
  expect(await type('.model ownmodel')).toBe('⚠️ There is no model named ownmodel. Did you mean .model own-model?');
  expect(await type('.model larg-v3-turbo')).toBe('⚠️ There is no model named larg-v3-turbo. Did you mean .model large-v3-turbo?');
  expect(await type('.model medium')).toContain('npm run model -- pull medium');
  expect(await type('.model broken')).toBe('⚠️ broken cannot be used: this machine has too little memory for it. small stays in use; nothing is lost.');
  expect(await type('.model')).toContain('🧠 Model: small');
});

test('an error inside a command is contained, logged, and told', async () => {
  const { type, lines } = ground();
  expect(await type('.status')).toBe(texts.failed);
  expect(lines.some(({ msg }) => msg === '.status failed: Redis is away')).toBe(true);
});

test.each([
  [0, '0 s'],
  [59_000, '59 s'],
  [310_000, '5 min 10 s'],
  [3_600_000, '1 h 0 min'],
  [273_600_000, '3 d 4 h'],
])('%i ms read %s', (ms, expected) => {
  expect(readableDuration(ms, texts.status.units)).toBe(expected);
});

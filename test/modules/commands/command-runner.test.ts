import { expect, test } from 'vitest';
import { OfflineError, PermanentError, RetryableError } from '../../../src/errors.js';
import { CommandRefusal, defineModule, type Answer, type CommandDefinition } from '../../../src/modules/contract/index.js';
import { commandGround } from '../../support/command-ground.js';
import { settle } from '../../support/fake-clock.js';
import { message, ownCommand } from '../../support/messages.js';

const about = {
  en: { summary: 'does it', details: 'In full.', examples: [{ type: 'do it', does: 'it is done' }] },
  ru: { summary: 'делает это', details: 'Полностью.', examples: [{ type: 'do it', does: 'сделано' }] },
};

/** A module with one command, which does what the test wants. */
function doing(run: CommandDefinition['run'], over: Partial<CommandDefinition> = {}) {
  return defineModule({
    name: 'deeds',
    version: '1.0.0',
    about: { en: { title: 'Deeds', summary: 'does things' }, ru: { title: 'Дела', summary: 'делает дела' } },
    commands: (command) => [command({ name: 'do', about, run, ...over })],
  });
}

const label = { en: 'count', ru: 'число' };
const counting = doing(({ args }) => Promise.resolve(`did ${JSON.stringify(args)}`), { args: { count: { kind: 'integer', label } } });
const hanging = (over: Partial<CommandDefinition> = {}) => doing(() => new Promise(() => undefined), over);

test('the owner’s message is edited into the answer', async () => {
  const ground = commandGround([counting]);
  expect(await ground.answerTo('.do 3')).toBe('did {"count":3}');
  expect(await ground.answerTo('ювщ 4')).toBe('did {"count":4}');
  expect(ground.gateway.calls).toEqual(['edit did {"count":3}', 'edit did {"count":4}']);
});

test('a wrong argument, a slip and a mistyped command get one line that says what would be right', async () => {
  const ground = commandGround([counting, doing(() => Promise.resolve(''), { name: 'track' })]);
  expect(await ground.answerTo('.do x')).toBe('⚠️ count: “x” does not fit: it takes a whole number. This way: .do <count>');
  expect(await ground.answerTo('.do')).toBe('⚠️ Missing: count. This way: .do <count>');
  expect(await ground.answerTo('.trakc')).toBe('⚠️ There is no .trakc. Did you mean .track?');
});

test.each(['.something else', '. do 3', '...do', 'do 3', '.do@somebody 3', '/do 3'])('%s is left alone', async (text) => {
  const ground = commandGround([counting]);
  expect(await ground.answerTo(text)).toBe(text);
  expect(ground.gateway.calls).toEqual([]);
});

test('the prefix twice is taken off once', async () => {
  expect(await commandGround([counting]).answerTo('..do 3\n x')).toBe('.do 3\n x');
});

test.each([
  ['forwarded', { forwarded: true }],
  ['sent by way of a bot', { viaBot: true }],
  ['under a picture', { hasMedia: true }],
  ['edited in a channel', { edited: true, chatKind: 'channel' as const }],
])('a command that is %s does not run, and that is on record', async (_how, over) => {
  const ground = commandGround([counting], { permitted: ['5'] });
  expect(await ground.answerTo('.do 3', over)).toBe('.do 3');
  expect(await ground.answerTo('..do 3', over)).toBe('..do 3');
  await ground.hear('.do 3', over).done;
  expect(ground.gateway.calls).toEqual([]);
  expect(ground.access.audited.map(([, decision]) => decision)).toEqual(Array(2).fill({ allow: false, because: 'must-be-typed', silent: true }));
});

test('a stranger hears nothing, whom the owner permitted is answered by a reply', async () => {
  const ground = commandGround([counting, doing(() => Promise.resolve('mine'), { name: 'mine', access: 'owner' })], { permitted: ['5'] });
  const stranger = { sender: { kind: 'user' as const, id: '6', accessHash: '6' } };
  for (const text of ['.do 3', '.do x', '.do -h', '.doo', '..do']) await ground.hear(text, stranger).done;
  for (const text of ['.doo', '..do 3', '.do@me 3']) await ground.hear(text).done;
  expect(ground.gateway.calls).toEqual([]);
  const asked = ground.hear('.do 3');
  await asked.done;
  expect([...ground.gateway.messages.values()]).toEqual([{ text: 'did {"count":3}', replyTo: asked.id }]);
  await ground.hear('.mine').done;
  expect(ground.gateway.texts().at(-1)).toBe('🚫 .mine is not for you.');
});

test('somebody who calls again and again is held to a pace', async () => {
  const ground = commandGround([counting], { permitted: ['5'] });
  for (let call = 0; call < 20; call += 1) await ground.hear('.do 3').done;
  expect(ground.gateway.calls).toHaveLength(6);
  await ground.clock.advance(20_000);
  for (let call = 0; call < 20; call += 1) await ground.hear('.do 3').done;
  expect(ground.gateway.calls).toHaveLength(8);
});

test('whoever is refused again and again is told so at the same pace', async () => {
  const ground = commandGround([doing(() => Promise.resolve('mine'), { access: 'owner' })], { permitted: ['5'] });
  for (let call = 0; call < 20; call += 1) await ground.hear('.do').done;
  expect(ground.gateway.calls).toHaveLength(6);
  expect(ground.access.audited).toHaveLength(20);
});

test('a message of the owner’s that may carry a secret is told from all others, however the command is typed', () => {
  const { runner } = commandGround([doing(() => Promise.resolve(''), { name: 'config', aliases: ['cfg'], secret: 'perhaps' }), counting], { aliases: new Map([['pass', 'config backup']]) });
  const secrets = ['.config hunter2', '.CFG hunter2', 'юсщташп hunter2', '.pass hunter2', '.config@me\nhunter2'];
  const others = ['.do 3', 'config hunter2', '.confi', '..config', ''];
  expect([...secrets, ...others].filter((text) => runner.mayCarrySecret(ownCommand(text)))).toEqual(secrets);
  expect(runner.mayCarrySecret(ownCommand('.config hunter2', { edited: true, hasMedia: true }))).toBe(true);
  expect(runner.mayCarrySecret(message({ text: '.config hunter2' }))).toBe(false);
});

test('a refusal is said, a failure is counted and logged without what was typed', async () => {
  const failing = [new CommandRefusal('Not today.'), new TypeError('bug'), new RetryableError('later')];
  const ground = commandGround([doing(() => Promise.reject(failing.shift() ?? new Error()))]);
  expect(await ground.answerTo('.do')).toBe('⚠️ Not today.');
  expect(ground.failures).toEqual([]);
  expect(await ground.answerTo('.do my words')).toContain('⚠️');
  expect(await ground.answerTo('.do')).toBe('⚠️ .do did not work, and it was not your fault; the log says why.');
  expect(ground.failures).toEqual(['deeds']);
  expect(await ground.answerTo('.do')).toContain('Try again a little later');
  expect(ground.failures).toEqual(['deeds']);
  expect(JSON.stringify(ground.lines)).not.toContain('my words');
});

test('what was typed after a secret command is taken away, also where it was wrong, and is in no line of the log', async () => {
  const secret = doing(() => Promise.reject(new Error('hunter2 leaked')), { secret: true, args: { count: { kind: 'integer', label } } });
  const ground = commandGround([secret]);
  expect(await ground.answerTo('.do hunter2')).toBeUndefined();
  expect(await ground.answerTo('.do 3')).toBeUndefined();
  expect(ground.gateway.texts()).toEqual(['⚠️ That is not how it is typed. This way: .do <count>', expect.stringContaining('the log says why')]);
  expect(JSON.stringify(ground.lines)).not.toContain('hunter2');
});

test('what may be a secret is taken away where it could not be read or the command failed, and else where the command says so', async () => {
  const run: CommandDefinition['run'] = ({ args }) =>
    (args as { count: number }).count > 5 ? Promise.reject(new Error('hunter2 leaked')) : Promise.resolve('done');
  const ground = commandGround([doing(run, { secret: 'perhaps', args: { count: { kind: 'integer', label } } })]);
  for (const typed of ['.do "hunter2', '.do hunter2', '.do 1 hunter2', '.do 6']) expect(await ground.answerTo(typed)).toBeUndefined();
  expect(await ground.answerTo('.do 5')).toBe('done');
  expect(JSON.stringify([...ground.gateway.messages.values(), ...ground.lines])).not.toContain('hunter2');
});

test('a command that takes too long is stopped, one that listens and one that does not', async () => {
  const signals: AbortSignal[] = [];
  const ground = commandGround([doing((_call, _ctx, signal) => new Promise(() => signals.push(signal)), { deadlineMs: 5000 })]);
  const { id, done } = ground.type('.do');
  await settle();
  await ground.clock.advance(5000);
  await done;
  expect(ground.gateway.messages.get(id)?.text).toBe('⏱ .do took longer than 5 s and was stopped.');
  expect(signals[0]?.aborted).toBe(true);
  expect(ground.runner.runs.list({})).toEqual([]);
});

test('an edited command runs again, the earlier run ends without a word', async () => {
  const ground = commandGround([doing(({ message }) => (message.text === '.do again' ? Promise.resolve('done') : new Promise<Answer>(() => undefined)))]);
  const first = ground.type('.do');
  await settle();
  const second = ground.type('.do again', { messageId: first.id, edited: true });
  await Promise.all([first.done, second.done]);
  expect(ground.gateway.messages.get(first.id)?.text).toBe('⚠️ One too many: “again”. This way: .do');
  expect(ground.gateway.calls).toHaveLength(1);
});

test('`.cancel` ends what runs in the chat, in reply one command, and with --all everything', async () => {
  const ground = commandGround([hanging()]);
  const [first, second] = [ground.type('.do'), ground.type('.do')];
  const elsewhere = ground.type('.do', { chat: { kind: 'group', id: '9' }, chatKind: 'group' });
  await settle();
  expect(await ground.answerTo('.cancel', { replyToMessageId: first.id })).toBe('✋ Cancelled: .do');
  await first.done;
  expect(ground.gateway.messages.get(first.id)?.text).toBe('✋ .do was cancelled.');
  expect(await ground.answerTo('.cancel', { replyToMessageId: first.id })).toBe('⚠️ That message is not a command that is running.');
  expect(await ground.answerTo('.cancel')).toBe('✋ Cancelled: .do');
  await second.done;
  expect(await ground.answerTo('.cancel')).toBe('👌 Nothing is running here.');
  expect(await ground.answerTo('.cancel -a')).toBe('✋ Cancelled: .do');
  await elsewhere.done;
});

test('what is over is not cancelled while its answer is on its way', async () => {
  const ground = commandGround([counting]);
  ground.gateway.failures.push({ method: 'edit', error: new OfflineError('away') });
  const first = ground.type('.do 3');
  await settle();
  expect(await ground.answerTo('.cancel')).toBe('👌 Nothing is running here.');
  await ground.clock.advance(60_000);
  await first.done;
  expect(ground.gateway.messages.get(first.id)?.text).toBe('did {"count":3}');
});

test('somebody else cancels only what they called themselves', async () => {
  const ground = commandGround([hanging()], { permitted: ['5'] });
  const mine = ground.type('.do');
  const theirs = ground.hear('.do');
  await settle();
  await ground.hear('.cancel').done;
  await theirs.done;
  expect(ground.runner.runs.list({}).map(({ messageId }) => messageId)).toEqual([mine.id]);
  ground.runner.runs.cancel({ module: 'deeds' }, 'module-stopped');
  await mine.done;
});

test.each([
  ['.yes', true],
  ['.да', true],
  ['.no', false],
])('a question waits for %s, and time for thinking is not the command’s', async (typed, meant) => {
  const ground = commandGround([doing(async ({ confirm }, _ctx, signal) => `${await confirm('Sure?', signal)}`, { deadlineMs: 10_000 })]);
  const { id, done } = ground.type('.do');
  await settle();
  expect(ground.gateway.messages.get(id)?.text).toBe('Sure?\n\n.yes or .no, within two minutes');
  await ground.clock.advance(60_000);
  const answer = ground.type(typed);
  await Promise.all([done, answer.done]);
  expect(ground.gateway.messages.get(id)?.text).toBe(String(meant));
  expect(ground.gateway.messages.has(answer.id)).toBe(false);
  expect(await ground.answerTo('.yes')).toBe('⚠️ Nothing is asked here; a question waits for two minutes.');
});

test('an answer counts that comes before we are told that the question stands there', async () => {
  const ground = commandGround([doing(async ({ confirm }, _ctx, signal) => `${await confirm('Sure?', signal)}`)]);
  ground.gateway.failures.push({ method: 'edit', error: new OfflineError('cut') });
  const { id, done } = ground.type('.do');
  await settle();
  await ground.type('.yes').done;
  await ground.clock.pass(3000);
  await done;
  expect(ground.gateway.messages.get(id)?.text).toBe('true');
});

test('an answer in reply is for the question that it replies to, and for no other', async () => {
  const ground = commandGround([doing(async ({ confirm }, _ctx, signal) => `${await confirm('Sure?', signal)}`)]);
  const [older, newer] = [ground.type('.do'), ground.type('.do')];
  await settle();
  expect(await ground.answerTo('.yes', { replyToMessageId: 3 })).toBe('⚠️ That message asks nothing, or no more; a question waits for two minutes.');
  await ground.type('.yes', { replyToMessageId: older.id }).done;
  await older.done;
  expect(await ground.answerTo('.no', { replyToMessageId: older.id })).toContain('or no more');
  await ground.type('.no').done;
  await newer.done;
  expect([older, newer].map(({ id }) => ground.gateway.messages.get(id)?.text)).toEqual(['true', 'false']);
});

test('an answer in a thread of comments, where all that is written replies to the post, is for what was asked there', async () => {
  const ground = commandGround([doing(async ({ confirm }, _ctx, signal) => `${await confirm('Sure?', signal)}`)]);
  const { id, done } = ground.type('.do', { replyToMessageId: 3 });
  await settle();
  expect(await ground.answerTo('.yes', { replyToMessageId: 4 })).toContain('asks nothing');
  await ground.type('.yes', { replyToMessageId: 3 }).done;
  await done;
  expect(ground.gateway.messages.get(id)?.text).toBe('true');
});

test('what helps while too much runs gets through: cancelling, answering, and what says so of itself', async () => {
  const asking = doing(async ({ confirm }, _ctx, signal) => `${await confirm('Sure?', signal)}`, { name: 'leave', evenIfBusy: true });
  const ground = commandGround([hanging(), { ...asking, name: 'exit' }]);
  const running = Array.from({ length: 20 }, () => ground.type('.do').done);
  await settle();
  expect(await ground.answerTo('.do')).toContain('⏳ 20');
  const leaving = ground.type('.leave');
  await settle();
  await ground.type('.yes').done;
  await leaving.done;
  expect(ground.gateway.messages.get(leaving.id)?.text).toBe('true');
  expect(await ground.answerTo('.cancel --all')).toBe('✋ Cancelled: .do ×20');
  await Promise.all(running);
});

test('what may be a secret does not stay where too much runs for it', async () => {
  const ground = commandGround([hanging(), doing(() => Promise.resolve('done'), { name: 'keep', secret: 'perhaps' })]);
  const running = Array.from({ length: 20 }, () => ground.type('.do').done);
  await settle();
  const { id, done } = ground.type('.keep hunter2');
  await done;
  expect(ground.gateway.messages.has(id)).toBe(false);
  expect([...ground.gateway.messages.values()].some(({ text }) => text.includes('⏳ 20'))).toBe(true);
  await ground.type('.cancel --all').done;
  await Promise.all(running);
});

test('a question that nobody answers is a no, and nobody answers for somebody else or from another chat', async () => {
  const ground = commandGround([doing(async ({ confirm }, _ctx, signal) => `${await confirm('Sure?', signal)}`)], { permitted: ['5', '6'] });
  const { id, done } = ground.type('.do');
  await settle();
  await ground.hear('.yes').done;
  await ground.type('.yes', { chat: { kind: 'group', id: '9' }, chatKind: 'group' }).done;
  await ground.clock.advance(120_000);
  await done;
  expect(ground.gateway.messages.get(id)?.text).toBe('false');
  const theirs = ground.hear('.do');
  await settle();
  await ground.hear('.yes', { sender: { kind: 'user', id: '6', accessHash: '6' } }).done;
  await ground.hear('.yes').done;
  await theirs.done;
  expect(ground.gateway.texts()).toContain('true');
});

test('progress is shown, only the newest, and never after the answer', async () => {
  const ground = commandGround([
    doing(async ({ progress }) => {
      for (let step = 1; step <= 50; step += 1) progress(`${step} of 50`);
      await settle();
      progress('late');
      return 'done';
    }),
  ], { permitted: ['5'] });
  expect(await ground.answerTo('.do')).toBe('done');
  expect(ground.gateway.calls).toEqual(['edit 1 of 50', 'edit 50 of 50', 'edit late', 'edit done']);
  await ground.hear('.do').done;
  expect(ground.gateway.texts().at(-1)).toBe('done');
  expect(ground.gateway.calls.filter((call) => call.startsWith('send'))).toEqual(['send 1 of 50']);
});

test('where the message is gone or may not be edited the answer is a message of its own', async () => {
  const ground = commandGround([doing(() => Promise.resolve('done'))]);
  ground.gateway.failures.push({ method: 'edit', error: new PermanentError('deleted', 'MESSAGE_ID_INVALID') });
  await ground.type('.do', { replyToMessageId: 3 }).done;
  expect([...ground.gateway.messages.values()].at(-1)).toEqual({ text: 'done', replyTo: 3 });
});

test('where what the command answered is gone meanwhile, the answer stands by itself', async () => {
  const ground = commandGround([doing(() => Promise.resolve({ text: 'done', deleteCommand: true }))]);
  ground.gateway.failures.push({ method: 'send', error: new PermanentError('deleted', 'REPLY_MESSAGE_ID_INVALID') });
  await ground.type('.do', { replyToMessageId: 3 }).done;
  expect([...ground.gateway.messages.values()]).toEqual([{ text: 'done' }]);
});

test('a chat that takes nothing is left alone, and so is everything while the daemon stops', async () => {
  const ground = commandGround([doing(() => Promise.resolve('done')), { ...hanging(), name: 'hanging', commands: hanging({ name: 'hang' }).commands }]);
  for (const method of ['edit', 'send']) ground.gateway.failures.push({ method, error: new PermanentError('cannot-write', 'CHAT_WRITE_FORBIDDEN') });
  expect(await ground.answerTo('.do')).toBe('.do');
  const running = ground.type('.hang');
  ground.gateway.failures.push({ method: 'edit', error: new OfflineError('cut') });
  const answering = ground.type('.do');
  await settle();
  ground.stop.abort(new Error('the daemon is stopping'));
  await Promise.all([running.done, answering.done]);
  expect(ground.gateway.messages.get(running.id)?.text).toBe('.hang');
});

test('an answer is not lost to a short outage, and stands once', async () => {
  const ground = commandGround([doing(() => Promise.resolve('done'))], { permitted: ['5'] });
  ground.gateway.failures.push(
    { method: 'send', error: new OfflineError('cut') },
    { method: 'send', error: new OfflineError('cut'), after: true },
  );
  const { done } = ground.hear('.do');
  await settle();
  await ground.clock.pass(5000);
  await done;
  expect(ground.gateway.texts()).toEqual(['done']);
});

test('a long answer is several messages, a very long one a file', async () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index} ${'x'.repeat(90)}`).join('\n');
  let answer = lines(100);
  const ground = commandGround([doing(() => Promise.resolve(answer))]);
  await ground.type('.do').done;
  expect(ground.gateway.texts().join('\n')).toBe(answer);
  expect(ground.gateway.messages.size).toBe(3);
  answer = lines(1000);
  await ground.type('.do').done;
  expect([...ground.gateway.files.values()].map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual([answer]);
});

test('a file takes the command’s place, with the text below it', async () => {
  const file = { name: 'a.txt', mimeType: 'text/plain', bytes: new Uint8Array([1]) };
  const ground = commandGround([doing(() => Promise.resolve({ text: 'here', file }))]);
  expect(await ground.answerTo('.do')).toBeUndefined();
  expect([...ground.gateway.files.values()]).toEqual([file]);
  expect(ground.gateway.texts()).toEqual(['here']);
});

test('commands of a person run beside each other up to a bound', async () => {
  const ground = commandGround([hanging()], { permitted: ['5'] });
  const running = Array.from({ length: 20 }, () => ground.type('.do').done);
  await settle();
  expect(await ground.answerTo('.do')).toBe('⏳ 20 of your commands are still running. Wait for one of them, or cancel it.');
  expect(await ground.answerTo('.cancel')).toContain('✋ Cancelled');
  await Promise.all(running);
  const theirs = Array.from({ length: 3 }, () => ground.hear('.do').done);
  await settle();
  expect(ground.runner.runs.list({ caller: '5' })).toHaveLength(2);
  ground.stop.abort(new Error('the daemon is stopping'));
  await Promise.all(theirs);
});

test('what only may be typed does not run by an edit, and says so', async () => {
  const ground = commandGround([doing(() => Promise.resolve('done'), { access: 'typed' })]);
  expect(await ground.answerTo('.do', { edited: true })).toBe('⚠️ .do runs only as a new message, not as an edit.');
  expect(await ground.answerTo('.do')).toBe('done');
});

test('a command that is edited into plain words ends, and nothing is written over them', async () => {
  const ground = commandGround([hanging()]);
  const first = ground.type('.do');
  await settle();
  await ground.type('just words', { messageId: first.id, edited: true }).done;
  await first.done;
  expect(ground.gateway.messages.get(first.id)?.text).toBe('just words');
  expect(ground.gateway.calls).toEqual([]);
});

test('an answer that Telegram has not taken yet is not written over what the command was edited into', async () => {
  const ground = commandGround([counting]);
  ground.gateway.failures.push({ method: 'edit', error: new OfflineError('away') });
  const first = ground.type('.do 3');
  await settle();
  await ground.type('.do 4', { messageId: first.id, edited: true }).done;
  await first.done;
  await ground.clock.advance(60_000);
  expect(ground.gateway.calls.at(-1)).toBe('edit did {"count":4}');
  expect(ground.gateway.messages.get(first.id)?.text).toBe('did {"count":4}');
  expect(ground.failures).toEqual([]);
});

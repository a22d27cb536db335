import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { clip, words } from '../support/clips.js';
import { Daemon } from '../support/daemon.js';
import { silentLog } from '../support/silent-log.js';
import { annaSays, command, onlyAnswerTo, type Ground } from './ground.js';

const CLIP = '04-en.ogg';
const context = {} as Ground;
/** How far time has gone on in the sandbox, beside the real one. */
let aheadMs = 0;

beforeAll(async () => {
  const sandbox = await Sandbox.start({ log: silentLog(), now: () => Date.now() + aheadMs });
  const owner = sandbox.addUser({ firstName: 'Owner' });
  const anna = sandbox.addUser({ firstName: 'Anna' });
  const daemon = await Daemon.for(sandbox, sandbox.stringSession(owner), { GRAMSCRIBE_BACKLOG: 'ask' });
  Object.assign(context, { sandbox, daemon, owner, anna });
  await daemon.start();
  await command(context, '.track');
  await daemon.line('from here on no voice is missed');
});

afterAll(async () => {
  await context.daemon.remove();
  await context.sandbox.stop();
});

test('voices that came an hour ago wait until the owner, asked in Saved Messages, says so; one of now is answered at once', async () => {
  const { sandbox, daemon, owner } = context;
  await daemon.end('SIGTERM');
  const late = [annaSays(context, CLIP), annaSays(context, CLIP)];
  aheadMs += 3_600_000;
  const inTime = annaSays(context, CLIP);
  const saved = sandbox.privateChat(owner, owner).key;
  const asked = sandbox.waitForMessage(({ chatKey, text }) => chatKey === saved && text.includes('.backlog answer'), {
    timeoutMs: 60_000,
  });
  await daemon.start();
  const question = await asked;
  expect(question.text).toContain('2 voice messages from 1 chat');
  expect(words((await onlyAnswerTo(context, inTime)).text)).toBe(clip(CLIP).text);
  expect(await command(context, '.backlog answer')).toBe('✅ Writing down: 2 voice messages');
  for (const voice of late) expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip(CLIP).text);
  expect(sandbox.messagesOf(saved, owner).map(({ text }) => text)).toEqual([sandbox.message(question).text]);
  expect(sandbox.message(question).text).toContain('decided');
});

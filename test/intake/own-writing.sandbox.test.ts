import { expect, test } from 'vitest';
import { Intake } from '../../src/intake/intake.js';
import { ServerClock } from '../../src/intake/server-clock.js';
import { FakeClock } from '../support/fake-clock.js';
import { silentLog } from '../support/silent-log.js';
import { gatewayFor, startSandbox } from '../telegram/support/gateway-on-sandbox.js';
import { updatesTo } from '../telegram/support/updates-to.js';

const never = new AbortController().signal;
const START_MS = 1_800_000_000_000;

/** A Telegram that tells the daemon also of what the daemon itself does, before it answers; and what the commands are offered. */
async function echoing() {
  let nowMs = START_MS;
  const sandbox = await startSandbox({ now: () => nowMs, shortUpdates: false });
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const anna = sandbox.addUser({ firstName: 'Anna' });
  const clock = new FakeClock();
  const offered: string[] = [];
  const intake = new Intake({
    takeVoice: () => Promise.resolve(false),
    handleCommand: ({ text, edited }) => Promise.resolve(void offered.push(edited ? `${text} (edited)` : text)),
    onRelief: () => undefined,
    onIncident: () => undefined,
    serverClock: new ServerClock(clock, START_MS - 10_000),
    clock,
    log: silentLog(),
  });
  const updates = {
    ...updatesTo((message) => void intake.take(message, 'live')),
    onWriting: intake.versions.writes.bind(intake.versions),
    onWritten: intake.versions.wrote.bind(intake.versions),
  };
  const { gateway } = gatewayFor(sandbox, sandbox.stringSession(owner), { updates: () => updates });
  await gateway.connect(never);
  sandbox.faults.echo(owner);
  const chat = { kind: 'user', id: anna.id, accessHash: '0' } as const;
  const peer = () => gateway.findChat(chat, 1, never);
  let marks = 0;
  /** What was offered up to now: a mark of Anna's comes after everything before it. */
  const offeredByNow = async (): Promise<string[]> => {
    const mark = `mark ${(marks += 1)}`;
    sandbox.send.text({ from: anna, to: owner, text: mark });
    await expect.poll(() => offered).toContain(mark);
    return offered.filter((text) => !text.startsWith('mark'));
  };
  return { sandbox, owner, anna, gateway, peer, offeredByNow, pass: (ms: number) => (nowMs += ms) };
}

test('nothing that the daemon writes or edits is offered to its commands, told before the answer, twice, late or as touched', async () => {
  const { sandbox, owner, anna, gateway, peer, offeredByNow, pass } = await echoing();
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.note' });
  expect(await offeredByNow()).toEqual(['.note']);
  const chat = await peer();
  const sent = await gateway.sendText({ chat, text: { text: '  .sent by us\n', entities: [] }, randomId: '1' }, never);
  const sentKey = sandbox.messagesOf(sandbox.privateChat(owner, anna), owner).find(({ id }) => id === sent.messageId)!;
  for (const text of ['.first edit', '.second edit']) {
    pass(2000);
    await gateway.editText(chat, typed.ids[owner.id]!, { text, entities: [] }, never);
  }
  await gateway.editText(chat, sent.messageId, { text: '.edited by us', entities: [] }, never);
  for (const message of [typed, sentKey]) {
    sandbox.send.deliverAgain(message);
    sandbox.send.deliverAgain(message, 'edit');
    sandbox.send.touch(message);
  }
  expect(await offeredByNow()).toEqual(['.note']);
});

test('what the owner edits is offered, once for each text', async () => {
  const { sandbox, owner, anna, offeredByNow, pass } = await echoing();
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.pnig' });
  sandbox.send.touch(typed);
  pass(2000);
  sandbox.send.edit(typed, { text: '.ping' });
  sandbox.send.touch(typed);
  sandbox.send.deliverAgain(typed, 'edit');
  expect(await offeredByNow()).toEqual(['.pnig', '.ping (edited)']);
});

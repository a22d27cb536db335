import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api } from 'telegram';
import type { TelegramClient } from 'telegram';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxChat, SandboxUser } from '../../../src/sandbox/control/views.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients, UpdateInbox } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let owner: SandboxUser;
let friend: SandboxUser;
let client: TelegramClient;
let state: Api.updates.State;
let nowMs = Date.UTC(2026, 0, 1);
const clients = new SandboxClients(() => sandbox);
const bytes = Buffer.from('OggS');

beforeEach(async () => {
  sandbox = await Sandbox.start({ log: silentLog(), now: () => nowMs });
  owner = sandbox.addUser({ firstName: 'Olga' });
  friend = sandbox.addUser({ firstName: 'Fedor' });
  client = await clients.connectAs(owner);
  state = await client.invoke(new Api.updates.GetState());
});

afterEach(async () => {
  await clients.closeAll();
  await sandbox.stop();
});
afterAll(() => clients.closeAll());

function getDifference(from: { pts: number; date: number }, ptsLimit?: number) {
  const { pts, date } = from;
  return client.invoke(new Api.updates.GetDifference({ pts, date, qts: 0, ...(ptsLimit ? { ptsLimit } : {}) }));
}

describe('getDifference', () => {
  it('tells what was missed, in its latest form, and then that there is nothing', async () => {
    sandbox.faults.loseUpdates(owner);
    const inbox = new UpdateInbox(client);
    const voice = sandbox.send.voice({ from: friend, to: owner, bytes, durationSec: 4 });
    const text = sandbox.send.text({ from: friend, to: owner, text: 'draft' });
    const gone = sandbox.send.text({ from: friend, to: owner, text: 'gone' });
    sandbox.send.edit(text, { text: 'final' });
    sandbox.send.delete(gone);
    const difference = (await getDifference(state)) as Api.updates.Difference;
    expect(difference.newMessages.map(({ id }) => id)).toEqual([voice.ids[owner.id], text.ids[owner.id]]);
    expect((difference.newMessages[1] as Api.Message).message).toBe('final');
    expect(difference.otherUpdates.map(({ className }) => className)).toEqual(['UpdateEditMessage', 'UpdateDeleteMessages']);
    expect(difference.users.map((user) => user.id.toString()).sort()).toEqual([owner.id, friend.id].sort());
    await expect(getDifference(difference.state)).resolves.toBeInstanceOf(Api.updates.DifferenceEmpty);
    expect(inbox.updates.filter((update) => update instanceof Api.UpdateNewMessage)).toEqual([]);
  });

  it('comes in slices where it is long', async () => {
    for (let count = 0; count < 5; count += 1) sandbox.send.text({ from: friend, to: owner, text: `${count}` });
    const texts: string[] = [];
    let from = state;
    for (;;) {
      const part = await getDifference(from, 2);
      if (part instanceof Api.updates.DifferenceEmpty || part instanceof Api.updates.DifferenceTooLong) break;
      texts.push(...part.newMessages.map((message) => (message as Api.Message).message));
      if (part instanceof Api.updates.Difference) break;
      from = part.intermediateState;
    }
    expect(texts).toEqual(['0', '1', '2', '3', '4']);
  });

  it('says so where the journal does not reach back', async () => {
    sandbox.send.text({ from: friend, to: owner, text: 'old' });
    sandbox.faults.forgetUpdatesOf(owner);
    const answer = await getDifference(state);
    expect(answer).toBeInstanceOf(Api.updates.DifferenceTooLong);
    const { pts } = answer as Api.updates.DifferenceTooLong;
    await expect(getDifference({ pts, date: state.date })).resolves.toBeInstanceOf(Api.updates.DifferenceEmpty);
  });

  it('names the message that one has sent by its random_id', async () => {
    await client.invoke(new Api.messages.SendMessage({ peer: new Api.InputPeerSelf(), message: 'x', randomId: 5n as never }));
    const difference = (await getDifference(state)) as Api.updates.Difference;
    const named = difference.otherUpdates.find((update) => update instanceof Api.UpdateMessageID);
    expect(named?.randomId?.toString()).toBe('5');
    expect(named?.id).toBe(difference.newMessages[0]?.id);
  });

  it('refuses a state that never was', async () => {
    await expect(getDifference({ pts: 999, date: state.date })).rejects.toMatchObject({
      errorMessage: 'PERSISTENT_TIMESTAMP_INVALID',
    });
  });
});

describe('getChannelDifference', () => {
  let supergroup: SandboxChat;
  let channel: Api.InputChannel;

  beforeEach(async () => {
    supergroup = sandbox.addSupergroup({ title: 'Work', members: [friend, owner] });
    nowMs += 60_000;
    const [dialog] = await client.getDialogs();
    const peer = dialog?.inputEntity as Api.InputPeerChannel;
    channel = new Api.InputChannel({ channelId: peer.channelId, accessHash: peer.accessHash });
    state = await client.invoke(new Api.updates.GetState());
  });

  const fromPts = (pts: number, limit = 100) =>
    client.invoke(
      new Api.updates.GetChannelDifference({ channel, filter: new Api.ChannelMessagesFilterEmpty(), pts, limit }),
    );

  it('is announced by getDifference, and brings what was missed in parts', async () => {
    await expect(getDifference(state)).resolves.toBeInstanceOf(Api.updates.DifferenceEmpty);
    for (let count = 0; count < 3; count += 1) sandbox.send.voice({ from: friend, to: supergroup, bytes, durationSec: count });
    const { otherUpdates } = (await getDifference(state)) as Api.updates.Difference;
    expect(otherUpdates).toMatchObject([{ className: 'UpdateChannelTooLong', pts: 5 }]);
    const first = (await fromPts(2, 2)) as Api.updates.ChannelDifference;
    expect(first).toMatchObject({ final: false, pts: 4 });
    const second = (await fromPts(first.pts, 2)) as Api.updates.ChannelDifference;
    expect(second).toMatchObject({ final: true, pts: 5 });
    expect([...first.newMessages, ...second.newMessages].map(({ id }) => id)).toEqual([2, 3, 4]);
    await expect(fromPts(second.pts)).resolves.toBeInstanceOf(Api.updates.ChannelDifferenceEmpty);
  });

  it('brings the last messages where the journal does not reach back', async () => {
    for (let count = 0; count < 12; count += 1) sandbox.send.text({ from: friend, to: supergroup, text: `${count}` });
    sandbox.faults.forgetUpdatesIn(supergroup);
    const answer = (await fromPts(2)) as Api.updates.ChannelDifferenceTooLong;
    expect(answer).toBeInstanceOf(Api.updates.ChannelDifferenceTooLong);
    expect(answer.messages).toHaveLength(10);
    expect(answer.dialog).toMatchObject({ pts: 14, topMessage: 13 });
  });
});

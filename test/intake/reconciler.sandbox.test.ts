import { describe, expect, it, vi } from 'vitest';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';
import { recoveryGround } from './support/recovery-ground.js';

const never = new AbortController().signal;
const bytes = Buffer.from('OggS');

function jobOf(message: SandboxMessage, owner: { id: string }): string {
  const [kind = '', ...ids] = message.chatKey.split(':');
  const chat = kind === 'private' ? `u${ids.find((id) => id !== owner.id) ?? ''}` : `${kind.charAt(0)}${ids[0] ?? ''}`;
  return `main:${chat}:${message.ids[owner.id] ?? 0}`;
}

async function scene() {
  const ground = await recoveryGround();
  const { sandbox, owner, anna } = ground;
  const group = sandbox.addGroup({ title: 'Group', members: [owner, anna] });
  const supergroup = sandbox.addSupergroup({ title: 'Supergroup', members: [owner, anna] });
  const says = (to: Parameters<typeof sandbox.send.voice>[0]['to']): SandboxMessage =>
    sandbox.send.voice({ from: anna, to, bytes, durationSec: 1 });
  const jobs = (...messages: SandboxMessage[]): string[] => messages.map((message) => jobOf(message, owner)).sort();
  return { ...ground, group, supergroup, says, jobs };
}

describe('the first start', () => {
  it('recovers nothing of what was said before, and takes everything after', async () => {
    const { owner, group, supergroup, kept, says, jobs, start } = await scene();
    says(owner);
    says(group);
    says(supergroup);
    await start();
    expect(kept.jobs).toEqual([]);
    const after = [says(owner), says(group), says(supergroup)];
    await vi.waitFor(() => expect([...kept.jobs].sort()).toEqual(jobs(...after)));
  });
});

describe('voices that came while the daemon was down', () => {
  it('are found at the next start, in private chats, groups and supergroups', async () => {
    const { owner, group, supergroup, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const missed = [says(owner), says(group), says(supergroup), says(supergroup)];
    await start();
    expect([...kept.jobs].sort()).toEqual(jobs(...missed));
  });

  it('are found in a supergroup that is new since', async () => {
    const { sandbox, owner, anna, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const fresh = sandbox.addSupergroup({ title: 'New', members: [anna, owner] });
    const voice = says(fresh);
    await start();
    expect(kept.jobs).toEqual(jobs(voice));
  });

  it('are found where Telegram has forgotten what happened, of both kinds of chats', async () => {
    const { sandbox, owner, group, supergroup, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const missed = [says(owner), says(group), says(supergroup)];
    sandbox.faults.forgetUpdatesOf(owner);
    sandbox.faults.forgetUpdatesIn(supergroup);
    await start();
    expect([...kept.jobs].sort()).toEqual(jobs(...missed));
  });

  it('are found in many parts of a long difference', async () => {
    const { sandbox, owner, anna, supergroup, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    sandbox.faults.shortenDifferences(7);
    const missed: SandboxMessage[] = [];
    for (let count = 0; count < 60; count += 1) {
      const to = count % 2 === 0 ? owner : supergroup;
      sandbox.send.text({ from: anna, to, text: 'words' });
      if (count % 10 < 2) missed.push(says(to));
    }
    await start();
    expect([...kept.jobs].sort()).toEqual(jobs(...missed));
    expect(sandbox.rpcLog.calls('updates.getDifference').length).toBeGreaterThan(4);
  });

  it('are taken whatever became of their caption, and not where they are deleted', async () => {
    const { sandbox, owner, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const [edited, deleted] = [says(owner), says(owner)];
    sandbox.send.edit(edited, { text: 'a caption' });
    sandbox.send.delete(deleted);
    await start();
    expect(kept.jobs).toEqual(jobs(edited));
  });
});

describe('while connected', () => {
  it('updates that are lost on the way are asked for as soon as the next one shows the gap', async () => {
    const { sandbox, owner, anna, supergroup, kept, says, jobs, start } = await scene();
    await start();
    sandbox.faults.loseUpdates(owner);
    const lost = [says(owner), says(supergroup)];
    sandbox.faults.loseUpdates(owner, false);
    sandbox.send.text({ from: anna, to: owner, text: 'after' });
    sandbox.send.text({ from: anna, to: supergroup, text: 'after' });
    await vi.waitFor(() => expect([...kept.jobs].sort()).toEqual(jobs(...lost)), 20_000);
  });

  it('a probe finds what was never told, in chats of every kind', async () => {
    const { sandbox, owner, group, supergroup, kept, says, jobs, start } = await scene();
    const { reconciler } = await start();
    sandbox.faults.loseUpdates(owner);
    const lost = [says(owner), says(group), says(supergroup)];
    await reconciler.probe(10_000, never);
    await vi.waitFor(() => expect([...kept.jobs].sort()).toEqual(jobs(...lost)), 20_000);
  });

  it('UpdatesTooLong makes it ask', async () => {
    const { sandbox, owner, kept, says, jobs, start } = await scene();
    await start();
    sandbox.faults.loseUpdates(owner);
    const lost = says(owner);
    sandbox.faults.loseUpdates(owner, false);
    sandbox.faults.pushTooLong(owner);
    await vi.waitFor(() => expect(kept.jobs).toEqual(jobs(lost)), 20_000);
  });

  it('a quiet probe is one question, also after we wrote, edited and deleted ourselves', async () => {
    const { sandbox, owner, anna, supergroup, says, kept, jobs, start } = await scene();
    const { gateway, reconciler } = await start();
    const heard = [says(owner), says(supergroup)];
    await vi.waitFor(() => expect([...kept.jobs].sort()).toEqual(jobs(...heard)));
    const hash = (kind: 'user' | 'channel', id: string) => sandbox.world.accessHashes.of(owner.id, kind, id);
    const supergroupId = supergroup.id ?? '';
    const chats = [
      { kind: 'user', id: anna.id, accessHash: hash('user', anna.id) },
      { kind: 'channel', id: supergroupId, accessHash: hash('channel', supergroupId) },
    ] as const;
    for (const [index, chat] of chats.entries()) {
      const text = { text: 'words', entities: [] };
      const { messageId } = await gateway.sendText({ chat, text, randomId: String(index + 1) }, never);
      await gateway.editText(chat, messageId, { text: 'other words', entities: [] }, never);
      await gateway.deleteMessages(chat, [messageId], never);
    }
    const before = sandbox.rpcLog.calls().length;
    await reconciler.probe(10_000, never);
    const asked = sandbox.rpcLog.calls().slice(before).map(({ method }) => method);
    expect(asked).toEqual(['updates.GetDifference']);
  });

  it('a storm of updates makes it ask nothing, and is stored in few writes', async () => {
    const { sandbox, owner, anna, group, supergroup, kept, says, jobs, start } = await scene();
    await start();
    const [before, savesBefore] = [sandbox.rpcLog.calls().length, kept.saves];
    for (let count = 0; count < 600; count += 1) {
      sandbox.send.text({ from: anna, to: [owner, group, supergroup][count % 3]!, text: 'words' });
      if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const voice = says(supergroup);
    await vi.waitFor(() => expect(kept.jobs).toEqual(jobs(voice)), 20_000);
    const top = { common: sandbox.world.user(owner.id).box.pts, channel: sandbox.world.channel(supergroup.id ?? '')?.box.pts };
    const stored = () => ({ common: kept.cursor?.common.pts, channel: kept.cursor?.channels.get(supergroup.id ?? '')?.pts });
    await vi.waitFor(() => expect(stored()).toEqual(top), 20_000);
    const asked = sandbox.rpcLog.calls().slice(before).map(({ method }) => method);
    expect(asked.filter((method) => method.startsWith('updates.'))).toEqual([]);
    expect(kept.saves - savesBefore).toBeLessThan(100);
  });
});

describe('what Telegram refuses', () => {
  it('a supergroup that the account was put out of keeps nobody else from being caught up with; back in it, it is caught up with too', async () => {
    const { sandbox, owner, supergroup, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const voice = says(owner);
    const inside = says(supergroup);
    sandbox.faults.removeMember(supergroup, owner);
    const second = await start();
    expect(kept.jobs).toEqual(jobs(voice));
    sandbox.faults.removeMember(supergroup, owner, false);
    await second.stop();
    await start();
    expect([...kept.jobs].sort()).toEqual(jobs(voice, inside));
  });

  it('a state that it does not take any more (it counts anew) is as good as one too long ago', async () => {
    const { owner, supergroup, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const missed = [says(owner), says(supergroup)];
    const stored = kept.cursor!;
    stored.common.pts += 1000;
    for (const channel of stored.channels.values()) channel.pts += 1000;
    await start();
    expect([...kept.jobs].sort()).toEqual(jobs(...missed));
  });

  it('a question that fails is asked again until it is answered', async () => {
    const { sandbox, owner, supergroup, kept, says, jobs, start } = await scene();
    await (await start()).stop();
    const missed = [says(owner), says(supergroup)];
    for (const method of ['updates.getDifference', 'updates.getChannelDifference']) {
      sandbox.faults.failNext(method, { code: 500, message: 'INTERNAL' });
    }
    await start();
    expect([...kept.jobs].sort()).toEqual(jobs(...missed));
  });
});

import { afterAll, beforeAll, expect } from 'vitest';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import { clip } from '../support/clips.js';
import { Daemon } from '../support/daemon.js';
import { silentLog } from '../support/silent-log.js';

/** The owner, Anna who is tracked, Boris who is not, and the daemon of the owner. */
export interface Ground {
  sandbox: Sandbox;
  daemon: Daemon;
  owner: SandboxUser;
  anna: SandboxUser;
  boris: SandboxUser;
}

const ANSWER_MS = 120_000;

/** One sandbox and one daemon for the tests of a file. */
export function ground(environment: Record<string, string> = {}, about: { ownerUsername?: string } = {}): Ground {
  const context = {} as Ground;
  beforeAll(async () => {
    const sandbox = await Sandbox.start({ log: silentLog() });
    const owner = sandbox.addUser({ firstName: 'Owner', phone: '+10000000001', ...(about.ownerUsername !== undefined && { username: about.ownerUsername }) });
    const anna = sandbox.addUser({ firstName: 'Anna', username: 'anna_k' });
    const boris = sandbox.addUser({ firstName: 'Boris', username: 'boris_k' });
    const daemon = await Daemon.for(sandbox, sandbox.stringSession(owner), environment);
    Object.assign(context, { sandbox, daemon, owner, anna, boris });
    await daemon.start();
    await command(context, '.track');
  });
  afterAll(async () => {
    await context.daemon.remove();
    await context.sandbox.stop();
  });
  return context;
}

/** Types a command as the owner, in the chat with Anna unless told otherwise; resolves with the answer. */
export async function command({ sandbox, owner, anna }: Ground, text: string, to = anna): Promise<string> {
  const typed = sandbox.send.text({ from: owner, to, text });
  const answered = (message: SandboxMessage): boolean => message.key === typed.key && message.text !== text;
  return (await sandbox.waitForMessage(answered, { timeoutMs: ANSWER_MS })).text;
}

/** Anna sends a bundled clip to the owner. */
export function annaSays({ sandbox, anna, owner }: Ground, file: string, dc: 2 | 4 = 2): SandboxMessage {
  const { bytes, durationSec } = clip(file);
  return sandbox.send.voice({ from: anna, to: owner, bytes, durationSec, dc });
}

/** Resolves when the daemon has done the job of this message, with all that stands in the chat as answers to it. */
export async function answersTo({ sandbox, daemon, owner }: Ground, voice: SandboxMessage): Promise<SandboxMessage[]> {
  const [kind = '', ...ids] = voice.chatKey.split(':');
  const chat = kind === 'private' ? `u${ids.find((id) => id !== owner.id) ?? ''}` : `${kind.charAt(0)}${ids[0] ?? ''}`;
  await daemon.line([`"job":"main:${chat}:${voice.ids[owner.id] ?? 0}"`, '"msg":"answered"']);
  return sandbox.messagesOf(voice.chatKey, owner).filter(({ replyToKey }) => replyToKey === voice.key);
}

/** The one answer to a voice; fails where there is none, or more than one. */
export async function onlyAnswerTo(context: Ground, voice: SandboxMessage): Promise<SandboxMessage> {
  const answers = await answersTo(context, voice);
  expect(answers).toHaveLength(1);
  return answers[0]!;
}

import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '@mtcute/core';
import type { TelegramClient } from '@mtcute/core/client.js';
import type { SandboxUser } from '../../src/sandbox/control/views.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { silentLog } from '../support/silent-log.js';
import { mtcuteClient, whyNoMtcute, type MtcuteOptions } from './support/mtcute-client.js';
import { intermediate, obfuscatedIntermediate } from './support/mtcute-platform.js';

const PHONE = '79000000001';
const LOCKED = '79000000002';
const PASSWORD = 'correct horse';

let sandbox: Sandbox;
let owner: SandboxUser;
let friend: SandboxUser;
const clients: TelegramClient[] = [];

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog() });
  owner = sandbox.addUser({ firstName: 'Olga', phone: PHONE });
  friend = sandbox.addUser({ firstName: 'Fedor', username: 'fedor' });
  sandbox.addUser({ firstName: 'Locked', phone: LOCKED, twoFactorPassword: PASSWORD });
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

afterAll(() => sandbox.stop());

function dial(options: Partial<MtcuteOptions> = {}): TelegramClient {
  const client = mtcuteClient({ publicKeyPem: sandbox.publicKeyPem, dc: { id: 2, port: sandbox.portOf(2) }, ...options });
  clients.push(client);
  return client;
}

async function signedIn(options?: Partial<MtcuteOptions>): Promise<TelegramClient> {
  const client = dial(options);
  // It asks for the state of its updates at the end, and takes what came before for already known.
  const hasState = sandbox.rpcLog.next('updates.getDifference', { userId: owner.id });
  await client.start({ phone: PHONE, code: () => sandbox.codeFor(PHONE)!, codeSentCallback: () => undefined });
  await hasState;
  await client.getMe();
  return client;
}

/** The first message that comes from now on. */
function nextMessage(client: TelegramClient): Promise<Message> {
  return new Promise((resolve) => client.on('new_message', resolve));
}

function mtcuteTests(): void {
  it.each([
    ['intermediate', intermediate],
    ['obfuscated intermediate', obfuscatedIntermediate],
  ])('makes a key and signs in with a code over the transport %s', async (name, transport) => {
    const client = await signedIn({ transport });
    const me = await client.getMe();
    expect(me.id).toBe(Number(owner.id));
    const transports = sandbox.dataCentre(2).connections().map((connection) => connection.transport);
    expect(new Set(transports)).toEqual(new Set([name]));
  });

  it('signs in with a password on top', async () => {
    const client = dial();
    const user = await client.start({
      phone: LOCKED,
      code: () => sandbox.codeFor(LOCKED)!,
      codeSentCallback: () => undefined,
      password: PASSWORD,
    });
    expect(user.firstName).toBe('Locked');
  });

  it('hears a text, replies, edits its reply, and both are seen', async () => {
    const client = await signedIn();
    const heard = nextMessage(client);
    const asked = sandbox.send.text({ from: friend, to: owner, text: 'how are you?' });
    const message = await heard;
    expect(message.text).toBe('how are you?');
    const reply = await client.replyText(message, 'very well');
    const seen = await sandbox.waitForReply(asked);
    expect(seen.text).toBe('very well');
    await client.editMessage({ message: reply, text: 'very well indeed' });
    expect(sandbox.message(seen).text).toBe('very well indeed');
  });

  // mtcute 0.17 now and then never asks for the file; seen once in five runs, not explained yet: it gets two more tries.
  it.each([2, 4] as const)('hears a voice and downloads it from data centre %i', { retry: 2, timeout: 20_000 }, async (dc) => {
    const client = await signedIn();
    const bytes = randomBytes(700_000);
    const heard = nextMessage(client);
    sandbox.send.voice({ from: friend, to: owner, bytes, durationSec: 12, dc });
    const { media } = await heard;
    if (media?.type !== 'voice') throw new Error(`a voice was expected, not ${media?.type}`);
    expect(media.duration).toBe(12);
    const got = await client.downloadAsBuffer(media);
    expect(bytes.equals(got)).toBe(true);
  });

  it('sends a file in parts, and it is the same file', async () => {
    const client = await signedIn();
    const bytes = randomBytes(1_200_000);
    await client.sendMedia('me', { type: 'document', file: bytes, fileName: 'notes.bin' });
    const [found] = await client.getHistory('me', { limit: 1 });
    if (found?.media?.type !== 'document') throw new Error('a document was expected');
    expect(found.media.fileName).toBe('notes.bin');
    expect(bytes.equals(await client.downloadAsBuffer(found.media))).toBe(true);
  });

  it('comes back after its connections were cut, and is told what it missed', async () => {
    const client = await signedIn();
    await client.getMe();
    const heard = nextMessage(client);
    sandbox.dataCentre(2).faults.dropAll();
    sandbox.send.text({ from: friend, to: owner, text: 'are you there?' });
    expect((await heard).text).toBe('are you there?');
    await expect(client.getMe()).resolves.toMatchObject({ id: Number(owner.id) });
  });
}

const why = whyNoMtcute();
if (why === undefined) describe('mtcute, whose authors know nothing of this sandbox', mtcuteTests);
else it('is held to the protocol by mtcute', (ctx) => ctx.skip(why));

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RetryableError } from '../../src/errors.js';
import type { SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { GatewayTimeouts } from '../../src/telegram/connection-cycle.js';
import type { VoiceLocation } from '../../src/telegram/telegram-gateway.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { gatewayFor, startSandbox, type GatewayOnSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;
const PART = 256 * 1024;
const MUCH = 100 * 1024 * 1024;

interface Scene extends GatewayOnSandbox {
  sandbox: Sandbox;
  owner: SandboxUser;
  voice: SandboxMessage;
  location: VoiceLocation;
  path: string;
}

interface Setting {
  bytes: Buffer;
  dc?: 2 | 4;
  timeouts?: Partial<GatewayTimeouts>;
}

/** A connected gateway that was just told of a voice with these bytes. */
async function voiceOf({ bytes, dc = 2, timeouts = {} }: Setting): Promise<Scene> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const alice = sandbox.addUser({ firstName: 'Alice' });
  const on = gatewayFor(sandbox, sandbox.stringSession(owner), { timeouts });
  await on.gateway.connect(never);
  const voice = sandbox.send.voice({ from: alice, to: owner, bytes, durationSec: 1, dc });
  const { chat, messageId, voice: media } = await on.nextMessage((one) => one.voice !== undefined);
  if (media === undefined) throw new Error('a voice has media');
  const path = join(await temporaryFolder(), 'voice.ogg');
  return { sandbox, owner, voice, location: { chat, messageId, media }, path, ...on };
}

describe('downloadVoice', () => {
  it.each([
    ['a short one', 30_000],
    ['one of exactly one part', PART],
    ['one of several parts', 3 * PART + 17],
  ])('writes %s as it was sent, for the owner of the process alone', async (_name, size) => {
    const bytes = randomBytes(size);
    const { gateway, location, path } = await voiceOf({ bytes });
    await gateway.downloadVoice(location, path, MUCH, never);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('fetches from another data centre, and signs in there once for all connections', async () => {
    const bytes = randomBytes(PART + 5);
    const { sandbox, gateway, location, path } = await voiceOf({ bytes, dc: 4 });
    await gateway.downloadVoice(location, path, MUCH, never);
    await gateway.downloadVoice(location, path, MUCH, never);
    await gateway.connect(never);
    await gateway.downloadVoice(location, path, MUCH, never);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(sandbox.rpcLog.calls('auth.exportAuthorization')).toHaveLength(1);
    expect(sandbox.dataCentre(4).connections()).toHaveLength(1);
    await gateway.disconnect();
    await expect.poll(() => sandbox.dataCentre(4).connections()).toEqual([]);
  });

  it('waits as told between two parts, and goes on where it was', async () => {
    const bytes = randomBytes(3 * PART);
    const { sandbox, gateway, location, path } = await voiceOf({ bytes });
    const told = sandbox.rpcLog
      .next('upload.GetFile')
      .then(() => sandbox.faults.failNext('upload.GetFile', { code: 420, message: 'FLOOD_PREMIUM_WAIT_1' }));
    await Promise.all([told, gateway.downloadVoice(location, path, MUCH, never)]);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    const calls = sandbox.rpcLog.calls('upload.GetFile');
    expect(calls).toHaveLength(4);
    const refused = calls.findIndex(({ outcome }) => outcome?.kind === 'error');
    expect((calls[refused + 1]?.atMs ?? 0) - (calls[refused]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('hands a long wait to its caller', async () => {
    const { sandbox, gateway, location, path } = await voiceOf({ bytes: randomBytes(1000) });
    sandbox.faults.failNext('upload.GetFile', { code: 420, message: 'FLOOD_WAIT_300' });
    await expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toMatchObject({ retryAfterMs: 300_000 });
    expect(existsSync(path)).toBe(false);
  });

  it('follows a file that has moved', async () => {
    const bytes = randomBytes(1000);
    const { sandbox, gateway, voice, location, path } = await voiceOf({ bytes });
    sandbox.faults.moveFile(voice, 4);
    await gateway.downloadVoice(location, path, MUCH, never);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('makes a new key where the other data centre has forgotten the old one', async () => {
    const bytes = randomBytes(1000);
    const { sandbox, gateway, location, path } = await voiceOf({ bytes, dc: 4 });
    await gateway.downloadVoice(location, path, MUCH, never);
    const key = sandbox.dataCentre(4).connections()[0]?.authKeyId ?? '';
    sandbox.dataCentre(4).forgetKey(key);
    await expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toThrow(RetryableError);
    await gateway.downloadVoice(location, path, MUCH, never);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('dials the other data centre again after it dropped the connection', async () => {
    const { sandbox, gateway, location, path } = await voiceOf({ bytes: randomBytes(1000), dc: 4 });
    await gateway.downloadVoice(location, path, MUCH, never);
    sandbox.faults.connection(4).dropAll();
    // A request may still go down with the old connection; the job's next attempt is on a new one.
    const attempt = (): Promise<boolean> =>
      gateway.downloadVoice(location, path, MUCH, never).then(
        () => true,
        (error: unknown) => !(error instanceof RetryableError),
      );
    await expect.poll(attempt).toBe(true);
    expect(existsSync(path)).toBe(true);
    expect(sandbox.rpcLog.calls('auth.exportAuthorization')).toHaveLength(1);
  });

  it('does not wait twice on a dead link to another data centre, and makes its keys anew when told to forget them', async () => {
    const { sandbox, gateway, location, path } = await voiceOf({ bytes: randomBytes(1000), dc: 4, timeouts: { chunkMs: 300 } });
    await gateway.downloadVoice(location, path, MUCH, never);
    sandbox.faults.connection(4).mute(true);
    await expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toThrow('no answer to upload.GetFile');
    sandbox.faults.connection(4).mute(false);
    await expect.poll(() => sandbox.dataCentre(4).connections()).toEqual([]);
    gateway.forget();
    await gateway.downloadVoice(location, path, MUCH, never);
    expect(sandbox.rpcLog.calls('auth.exportAuthorization')).toHaveLength(2);
  });

  it('refreshes an expired reference, also in the middle', async () => {
    const bytes = randomBytes(2 * PART + 1);
    const { sandbox, gateway, voice, location, path } = await voiceOf({ bytes });
    sandbox.faults.expireFileReferences(voice);
    const second = sandbox.rpcLog.next('upload.getFile').then(() => sandbox.rpcLog.next('upload.getFile'));
    const downloading = gateway.downloadVoice(location, path, MUCH, never);
    await second;
    sandbox.faults.expireFileReferences(voice);
    await downloading;
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(sandbox.rpcLog.calls('messages.getMessages')).toHaveLength(2);
  });

  it('says that the message is gone where its reference has expired and it was deleted', async () => {
    const { sandbox, gateway, voice, location, path } = await voiceOf({ bytes: randomBytes(1000) });
    sandbox.faults.expireFileReferences(voice);
    sandbox.send.delete(voice);
    await expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toMatchObject({ reason: 'deleted' });
    expect(existsSync(path)).toBe(false);
  });

  it('asks for no byte of a voice that is over the limit', async () => {
    const { sandbox, gateway, location, path } = await voiceOf({ bytes: randomBytes(1000) });
    await expect(gateway.downloadVoice(location, path, 999, never)).rejects.toMatchObject({ reason: 'too-large' });
    expect(sandbox.rpcLog.calls('upload.getFile')).toHaveLength(0);
    expect(existsSync(path)).toBe(false);
  });

  it('stops where Telegram sends more than it had said, or less', async () => {
    const { gateway, location, path } = await voiceOf({ bytes: randomBytes(1000) });
    const said = (sizeBytes: number): VoiceLocation => ({ ...location, media: { ...location.media, sizeBytes } });
    await expect(gateway.downloadVoice(said(900), path, 950, never)).rejects.toMatchObject({ reason: 'too-large' });
    expect(existsSync(path)).toBe(false);
    await expect(gateway.downloadVoice(said(2000), path, MUCH, never)).rejects.toThrow(/ended after 1000 of 2000/);
    expect(existsSync(path)).toBe(false);
  });

  it('leaves no part of a file behind when the connection breaks, and downloads it on the next', async () => {
    const bytes = randomBytes(3 * PART);
    const { sandbox, gateway, location, path } = await voiceOf({ bytes });
    const first = sandbox.rpcLog.next('upload.getFile');
    const downloading = expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toThrow(RetryableError);
    await first;
    sandbox.faults.connection().dropAll();
    await downloading;
    expect(existsSync(path)).toBe(false);
    await gateway.connect(never);
    await gateway.downloadVoice(location, path, MUCH, never);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('has a deadline for each part', async () => {
    const { sandbox, gateway, location, path } = await voiceOf({
      bytes: randomBytes(2 * PART),
      timeouts: { chunkMs: 300 },
    });
    sandbox.faults.silenceNext('upload.getFile');
    await expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toThrow(/upload.GetFile within 300 ms/);
    expect(existsSync(path)).toBe(false);
  });

  it('stops at once when it is told to, with the reason', async () => {
    const { sandbox, gateway, location, path } = await voiceOf({ bytes: randomBytes(2 * PART) });
    const stop = new AbortController();
    const reason = new Error('shutdown');
    sandbox.faults.silenceNext('upload.getFile');
    const asked = sandbox.rpcLog.next('upload.getFile');
    const downloading = expect(gateway.downloadVoice(location, path, MUCH, stop.signal)).rejects.toBe(reason);
    await asked;
    stop.abort(reason);
    await downloading;
    expect(existsSync(path)).toBe(false);
  });

  it('says so where the disk does not take it', async () => {
    const { gateway, location } = await voiceOf({ bytes: randomBytes(10) });
    const path = join('/nonexistent', 'voice.ogg');
    await expect(gateway.downloadVoice(location, path, MUCH, never)).rejects.toThrow(/cannot be written to the disk/);
  });
});

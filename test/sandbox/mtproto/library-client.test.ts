import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TelegramClient } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { Raw } from 'telegram/events/index.js';
import { ConnectionTCPAbridged, ConnectionTCPFull, ConnectionTCPObfuscated } from 'telegram/network/index.js';
import { Api } from 'telegram/tl/index.js';
import { ConnectionCut } from '../../../src/sandbox/rpc.js';
import { libraryClient, type LibraryClientOptions } from './library-client.js';
import { useBench } from './test-bench.js';
import { ME } from './tiny-handler.js';

const bench = useBench();

async function connected(options: Partial<LibraryClientOptions> = {}): Promise<TelegramClient> {
  const client = await libraryClient({ rsa: bench.rsa, port: bench.port, dcId: 2, ...options });
  bench.onEnd(() => client.destroy());
  await client.connect();
  return client;
}

/** Signed in, as far as a tiny handler knows: the key is there already. */
async function signedIn(): Promise<{ client: TelegramClient; authKeyId: string }> {
  const { authKeyId, key } = bench.centre.createAuthKey();
  return { client: await connected({ authKey: key }), authKeyId };
}

async function myName(client: TelegramClient): Promise<string | undefined> {
  const [user] = await client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
  return (user as Api.User).firstName;
}

describe('the unmodified client library', () => {
  it.each([
    ['full', ConnectionTCPFull],
    ['abridged', ConnectionTCPAbridged],
    ['obfuscated abridged', ConnectionTCPObfuscated],
  ])('makes a key and is answered over the transport %s', async (name, connection) => {
    const client = await connected({ connection });
    expect(await myName(client)).toBe(ME.firstName);
    expect(bench.centre.connections()).toMatchObject([{ transport: name }]);
  });

  it('goes on with a key that exists, and sends many requests at once', async () => {
    const { client, authKeyId } = await signedIn();
    const names = await Promise.all(Array.from({ length: 60 }, () => myName(client)));
    expect(names).toEqual(Array<string>(60).fill(ME.firstName));
    expect(bench.handler.count('users.GetUsers')).toBe(60);
    expect(new Set(bench.handler.seen.map(({ caller }) => caller.authKeyId))).toEqual(new Set([authKeyId]));
  });

  it('pings, with and without a wish to be disconnected', async () => {
    const { client } = await signedIn();
    const pingId = returnBigInt(5);
    const pong = await client.invoke(new Api.Ping({ pingId }));
    expect(pong.pingId.toString()).toBe('5');
    const other = await client.invoke(new Api.PingDelayDisconnect({ pingId, disconnectDelay: 60_000 }));
    expect(other.pingId.toString()).toBe('5');
  });

  it('reads an answer of a megabyte, packed or not', async () => {
    const { client } = await signedIn();
    const users = Array.from({ length: 5000 }, () => new Api.User({ id: returnBigInt(ME.id), firstName: 'x'.repeat(100) }));
    bench.handler.extra = ({ className }) => (className === 'users.GetUsers' ? users : (undefined as never));
    const answer = await client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
    expect(answer).toHaveLength(5000);
  });

  it('downloads a file', async () => {
    const { client, authKeyId } = await signedIn();
    await myName(client);
    const file = randomBytes(1_500_000);
    const callers = new Set<string>();
    bench.handler.extra = (request, caller) => {
      if (request.className !== 'upload.GetFile') return undefined as never;
      callers.add(caller.authKeyId);
      const start = Number(request.offset);
      const bytes = file.subarray(start, start + request.limit);
      return new Api.upload.File({ type: new Api.storage.FileUnknown(), mtime: 1, bytes });
    };
    const location = new Api.InputDocumentFileLocation({
      id: returnBigInt(1),
      accessHash: returnBigInt(2),
      fileReference: Buffer.alloc(4),
      thumbSize: '',
    });
    const got = await client.downloadFile(location, { dcId: 2, fileSize: returnBigInt(file.length) });
    expect(file.equals(got as Buffer)).toBe(true);
    // Also where the library downloads under temporary keys: they stand for this one.
    expect([...callers]).toEqual([authKeyId]);
  });

  it('is given updates, small and packed', async () => {
    const { client, authKeyId } = await signedIn();
    await client.invoke(new Api.updates.GetState());
    const seen: string[] = [];
    client.addEventHandler((update: Api.TypeUpdate) => void seen.push(update.className), new Raw({}));
    const update = (): Api.UpdateConfig => new Api.UpdateConfig();
    bench.centre.push(authKeyId, new Api.UpdateShort({ update: update(), date: 1 }));
    bench.centre.push(
      authKeyId,
      new Api.Updates({ updates: Array.from({ length: 200 }, update), users: [], chats: [], date: 1, seq: 0 }),
    );
    await expect.poll(() => seen.filter((name) => name === 'UpdateConfig').length, { timeout: 10_000 }).toBe(201);
  });

  it.each(['rst', 'fin'] as const)('comes back after %s and is answered again', async (how) => {
    const { client } = await signedIn();
    await myName(client);
    bench.centre.faults.dropAll(how);
    await expect.poll(() => bench.centre.connections().length, { timeout: 10_000 }).toBe(1);
    expect(await myName(client)).toBe(ME.firstName);
  });

  it('is answered after its connection was cut before the answer', async () => {
    const { client } = await signedIn();
    let cuts = 2;
    bench.handler.extra = ({ className }) => {
      if (className !== 'updates.GetState' || cuts === 0) return undefined as never;
      cuts -= 1;
      throw cuts === 1 ? new ConnectionCut() : new ConnectionCut(true);
    };
    const state = await client.invoke(new Api.updates.GetState());
    expect(state.className).toBe('updates.State');
  });

  it('comes back once it is not refused any more', async () => {
    const { client } = await signedIn();
    await bench.centre.faults.refuse(true);
    bench.centre.faults.dropAll();
    const name = myName(client);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bench.centre.connections()).toEqual([]);
    await bench.centre.faults.refuse(false);
    expect(await name).toBe(ME.firstName);
  });

  it('is answered once a half-open link has recovered', async () => {
    const { client } = await signedIn();
    bench.centre.faults.mute(true);
    const name = myName(client);
    await new Promise((resolve) => setTimeout(resolve, 300));
    bench.centre.faults.mute(false);
    expect(await name).toBe(ME.firstName);
  });

  it('sets its clock by a data centre whose clock differs', async () => {
    bench.centre.faults.clockSkewMs = -7_200_000;
    const { client } = await signedIn();
    expect(await myName(client)).toBe(ME.firstName);
  });
});

describe('a key that the data centre has forgotten', () => {
  it('gets -404, and the client is not answered under it', async () => {
    const { client, authKeyId } = await signedIn();
    await myName(client);
    bench.centre.forgetKey(authKeyId);
    const before = bench.handler.seen.length;
    client.invoke(new Api.updates.GetState()).catch(() => undefined);
    await expect.poll(() => bench.centre.connections().some((other) => other.authKeyId === authKeyId)).toBe(false);
    expect(bench.handler.seen.slice(before).every(({ caller }) => caller.authKeyId !== authKeyId)).toBe(true);
  });
});

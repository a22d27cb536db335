import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api } from 'telegram';
import { SandboxControlServer } from '../../../src/sandbox/control/sandbox-control-server.js';
import type { SandboxChat, SandboxMessage, SandboxUser, SeenMessage } from '../../../src/sandbox/control/views.js';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let server: SandboxControlServer;
let base: string;
let owner: SandboxUser;
let friend: SandboxUser;
const clients = new SandboxClients(() => sandbox);
const clip = { name: 'hello', kind: 'voice' as const, bytes: Buffer.from('OggS-clip'), mimeType: 'audio/ogg', durationSec: 2 };

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog() });
  server = new SandboxControlServer({ sandbox, clips: [clip] });
  base = await server.start();
});

beforeEach(async () => {
  owner = await call('POST', '/users', { firstName: 'Olga' });
  friend = await call('POST', '/users', { firstName: 'Fedor', lastName: 'F' });
});

afterEach(() => clients.closeAll());
afterAll(async () => {
  await server.stop();
  await sandbox.stop();
});

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return fetch(`${base}/api${path}`, { method, ...json });
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await ask(method, path, body);
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function upload(path: string, bytes: Buffer, type: string) {
  return fetch(`${base}/api${path}`, { method: 'POST', body: new Uint8Array(bytes), headers: { 'content-type': type } });
}

describe('the control server', () => {
  it('gives everything that a daemon needs to sign in, and a daemon that does is answered', async () => {
    const info = await call<{ testDc: string; publicKeyPem: string }>('GET', '/info');
    expect(info).toEqual({ testDc: sandbox.testDc, publicKeyPem: sandbox.publicKeyPem });
    const { session } = await call<{ session: string }>('POST', `/users/${owner.id}/sessions`);
    const client = await clients.connect(session);
    expect((await client.getMe()).id.toString()).toBe(owner.id);
  });

  it('sends texts and clips, shows them as each side sees them, and waits for the answer', async () => {
    const chat = await call<SandboxChat>('POST', '/chats', { kind: 'group', title: 'Family', members: [friend.id, owner.id] });
    const query = new URLSearchParams({ kind: 'voice', from: friend.id, to: chat.key, clip: 'hello' });
    const voice = await call<SandboxMessage>('POST', `/messages/media?${query.toString()}`);
    expect(voice.media).toMatchObject({ kind: 'voice', durationSec: 2, sizeBytes: clip.bytes.length });
    const waiting = call<SandboxMessage>('POST', '/messages/wait', { replyTo: voice.key, contains: 'hi' });
    await call('POST', '/messages/text', {
      from: owner.id,
      to: chat.key,
      text: 'hi there',
      entities: [{ type: 'collapsed-quote', offset: 0, length: 2 }],
      replyTo: voice.key,
    });
    const reply = await waiting;
    const seen = await call<SeenMessage[]>('GET', `/chats/${chat.key}/messages?seenBy=${friend.id}`);
    expect(seen.map(({ key, out }) => [key, out])).toEqual([
      [voice.key, true],
      [reply.key, false],
    ]);
    expect(seen[1]).toMatchObject({ replyToId: voice.ids[friend.id], entities: [{ type: 'collapsed-quote' }] });
    expect(await call('GET', `/users/${owner.id}/chats`)).toMatchObject([{ title: 'Family', kind: 'group' }]);
  });

  it('takes uploaded files and gives them back, whole or in part', async () => {
    const bytes = Buffer.from('0123456789');
    const query = new URLSearchParams({ kind: 'video', from: friend.id, to: owner.id, durationSec: '3.5', fileName: 'a.mp4' });
    const sent = (await (await upload(`/messages/media?${query.toString()}`, bytes, 'video/mp4')).json()) as SandboxMessage;
    expect(sent.media).toMatchObject({ kind: 'video', mimeType: 'video/mp4', durationSec: 3.5, fileName: 'a.mp4' });
    const url = `${base}/api/messages/${sent.key}/media`;
    const whole = await fetch(url);
    expect([whole.headers.get('content-type'), await whole.text()]).toEqual(['video/mp4', '0123456789']);
    const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
    const end = await fetch(url, { headers: { range: 'bytes=-3' } });
    expect(await end.text()).toBe('789');
    expect((await fetch(url, { headers: { range: 'bytes=10-' } })).status).toBe(416);
  });

  it('edits, forwards and deletes', async () => {
    const text = await call<SandboxMessage>('POST', '/messages/text', { from: friend.id, to: owner.id, text: 'one' });
    await call('PATCH', `/messages/${text.key}`, { text: 'two' });
    const forwarded = await call<SandboxMessage>('POST', '/messages/forward', { from: owner.id, to: friend.id, message: text.key });
    expect(forwarded).toMatchObject({ text: 'two', forwardedFromUserId: friend.id });
    await call('DELETE', `/messages/${text.key}?onlyFor=${owner.id}`);
    expect((await call<SandboxMessage>('GET', `/messages/${text.key}`)).ids).toEqual({ [friend.id]: text.ids[friend.id] });
  });

  it('tells what happens as it happens, also to a reader that comes back', async () => {
    const first = await fetch(`${base}/api/events`);
    const reader = first.body!.getReader();
    const seen = await readUntil(reader, 'retry');
    expect(seen).toContain('retry: 1000');
    await call('POST', '/messages/text', { from: friend.id, to: owner.id, text: 'news' });
    const event = await readUntil(reader, '"text":"news"');
    const id = /id: (\d+)/.exec(event)?.[1];
    await reader.cancel();
    await call('POST', '/messages/text', { from: friend.id, to: owner.id, text: 'missed' });
    const again = await fetch(`${base}/api/events`, { headers: { 'last-event-id': id! } });
    const late = again.body!.getReader();
    const missed = await readUntil(late, '"text":"missed"');
    expect(missed).not.toContain('"text":"news"');
    await late.cancel();
  });

  it('makes faults, and shows the calls that met them', async () => {
    const { session } = await call<{ session: string }>('POST', `/users/${owner.id}/sessions`);
    const client = await clients.connect(session);
    await call('POST', '/faults', { fault: 'failNext', method: 'help.getNearestDc', code: 420, message: 'FLOOD_WAIT_90' });
    const met = call<unknown>('POST', '/rpc/wait', { method: 'help.getNearestDc', userId: owner.id });
    await expect(client.invoke(new Api.help.GetNearestDc())).rejects.toMatchObject({ seconds: 90 });
    const expected = { method: 'help.GetNearestDc', dcId: 2, outcome: { kind: 'error', message: 'FLOOD_WAIT_90' } };
    expect(await met).toMatchObject(expected);
    expect(await call('GET', `/rpc?method=help.getNearestDc&userId=${owner.id}`)).toMatchObject([expected]);
  });

  it('says what is wrong with a request', async () => {
    expect((await ask('GET', '/messages/999999')).status).toBe(404);
    expect((await ask('POST', '/messages/text', { from: friend.id })).status).toBe(400);
    expect((await ask('POST', '/messages/wait', { contains: 'never', timeoutMs: 1 })).status).toBe(504);
    expect((await ask('POST', '/faults', { fault: 'earthquake' })).status).toBe(400);
    expect((await ask('GET', '/codes/79990001122')).status).toBe(404);
  });

  it.each([{ host: 'evil.example' }, { origin: 'https://evil.example' }])('answers only this machine: %o', async (headers) => {
    const request = httpRequest(`${base}/api/users`, { headers });
    request.end();
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(403);
  });
});

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended before ${wanted}`);
    text += decoder.decode(value, { stream: true });
    if (text.includes(wanted)) return text;
  }
}

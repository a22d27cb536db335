import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from '../../../src/sandbox/proxy/tcp-proxy.js';

let server: Server;
let proxy: TcpProxy;
let port: number;
const accepted: Socket[] = [];

beforeEach(async () => {
  accepted.length = 0;
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => socket.write(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = new TcpProxy((server.address() as { port: number }).port);
  port = await proxy.start();
});

afterEach(async () => {
  await proxy.stop();
  for (const socket of accepted) socket.destroy();
  server.close();
});

/** A client of the echo server behind the proxy, and what it has heard so far. */
async function dial(): Promise<{ socket: Socket; heard: () => string; closed: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let error = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? ''));
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(error)));
  await once(socket, 'connect');
  return { socket, heard: () => text, closed };
}

async function connectedAndHeard(word: string) {
  const client = await dial();
  client.socket.write(word);
  await expect.poll(client.heard).toBe(word);
  return client;
}

test('what is written comes back, in order, and connections are counted', async () => {
  const { socket, heard } = await connectedAndHeard('one');
  for (const word of ['two', 'three']) socket.write(word);
  await expect.poll(heard).toBe('onetwothree');
  expect(proxy.connectionCount).toBe(1);
});

test('a cut resets both ends, or closes them in order', async () => {
  const reset = await connectedAndHeard('a');
  proxy.cut('rst');
  expect(await reset.closed).toBe('ECONNRESET');
  const closed = await connectedAndHeard('b');
  proxy.cut('fin');
  expect(await closed.closed).toBe('');
});

test('while dials are refused live connections stay, and the port is taken up again', async () => {
  const { socket, heard } = await connectedAndHeard('here ');
  await proxy.refuse(true);
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  socket.write('still');
  await expect.poll(heard).toBe('here still');
  await proxy.refuse(false);
  await connectedAndHeard('again');
});

test('a black hole takes connections and bytes and gives nothing; what it held goes on its way afterwards', async () => {
  const before = await connectedAndHeard('a');
  proxy.shape({ kind: 'held' });
  before.socket.write('b');
  const within = await dial();
  within.socket.write('c');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([before.heard(), within.heard()]).toEqual(['a', '']);
  proxy.shape({ kind: 'free' });
  await expect.poll(before.heard).toBe('ab');
  await expect.poll(within.heard).toBe('c');
});

test('a hole in one direction lets the other through', async () => {
  const { socket, heard } = await connectedAndHeard('a');
  proxy.shape({ kind: 'held' }, ['down']);
  let arrived = '';
  accepted[0]?.on('data', (bytes) => (arrived += bytes.toString()));
  socket.write('b');
  await expect.poll(() => arrived).toBe('b');
  expect(heard()).toBe('a');
  proxy.shape({ kind: 'free' });
  await expect.poll(heard).toBe('ab');
});

test('a half-open connection hears nothing of its end, and what it says goes nowhere; new ones are whole', async () => {
  const { socket, heard } = await connectedAndHeard('a');
  let isClosed = false;
  socket.on('close', () => (isClosed = true));
  const [far] = accepted;
  proxy.forget();
  if (far?.destroyed === false) await once(far, 'close');
  socket.write('b');
  await connectedAndHeard('new');
  expect({ isClosed, heard: heard() }).toEqual({ isClosed: false, heard: 'a' });
});

test('a slow line takes its time for every byte', async () => {
  const { socket, heard } = await connectedAndHeard('');
  proxy.shape({ kind: 'slow', bytesPerSecond: 1000 }, ['up']);
  const startedAtMs = performance.now();
  socket.write('x'.repeat(600));
  await expect.poll(() => heard().length).toBe(600);
  // It is a floor, so a loaded machine cannot break it.
  expect(performance.now() - startedAtMs).toBeGreaterThan(450);
});

test('a late line brings everything later, in order', async () => {
  const { socket, heard } = await connectedAndHeard('');
  proxy.shape({ kind: 'late', ms: 150 });
  const startedAtMs = performance.now();
  for (const word of ['one', 'two']) socket.write(word);
  await expect.poll(heard).toBe('onetwo');
  expect(performance.now() - startedAtMs).toBeGreaterThan(290);
});

test('an end that the server makes reaches the client after what it said last', async () => {
  const { heard, closed } = await connectedAndHeard('a');
  proxy.shape({ kind: 'late', ms: 50 }, ['down']);
  accepted[0]?.end('bye');
  expect(await closed).toBe('');
  expect(heard()).toBe('abye');
});

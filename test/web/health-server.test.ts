import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { HealthServer } from '../../src/web/health-server.js';
import type { VitalSigns } from '../../src/web/readiness.js';
import { recordedLog } from '../support/silent-log.js';

const healthy: VitalSigns = {
  connected: () => true,
  silentForMs: () => 1000,
  redisAnswers: () => Promise.resolve(true),
  engineTrouble: () => Promise.resolve(undefined),
};

async function serve(signs: Partial<VitalSigns> = {}, port = 0): Promise<{ server: HealthServer; lines: Record<string, unknown>[] }> {
  const { log, lines } = recordedLog();
  const server = new HealthServer({ port, signs: { ...healthy, ...signs }, texts: textsFor('en').lifecycle, log });
  await server.start();
  onTestFinished(() => server.stop());
  return { server, lines };
}

interface Answer {
  status: number;
  body: string;
  headers: IncomingHttpHeaders;
}

/** node:http, because fetch does not let a test choose the Host header. */
function ask(server: HealthServer, path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    request.once('error', reject).end(body);
  });
}

test('/healthz says that the daemon is alive, whatever its checks say', async () => {
  const { server } = await serve({ connected: () => false });
  const { status, body } = await ask(server, '/healthz');
  expect([status, body]).toEqual([200, '{"alive":true}']);
});

test('/readyz is 200 with every check where all is well, 503 where one is not', async () => {
  let connected = true;
  const { server } = await serve({ connected: () => connected });
  const well = await ask(server, '/readyz?verbose=1');
  expect(well.status).toBe(200);
  expect(well.headers['cache-control']).toBe('no-store');
  expect(Object.keys((JSON.parse(well.body) as { checks: object }).checks)).toEqual(['telegram', 'probe', 'redis', 'engine']);
  connected = false;
  const ill = await ask(server, '/readyz');
  expect(ill.status).toBe(503);
  expect(JSON.parse(ill.body)).toMatchObject({ ready: false, checks: { telegram: { ok: false, detail: 'not connected' }, redis: { ok: true } } });
});

test('HEAD is the same without the body', async () => {
  const { server } = await serve({ connected: () => false });
  expect(await ask(server, '/healthz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  expect(await ask(server, '/readyz', { method: 'HEAD' })).toMatchObject({ status: 503, body: '' });
});

test.each(['/', '/metrics', '/readyz/', '/readyz/../etc/passwd', '/%00', '//readyz'])('there is nothing at %s', async (path) => {
  const { server } = await serve();
  expect((await ask(server, path)).status).toBe(404);
  expect((await ask(server, path, { method: 'POST', body: 'x' })).status).toBe(404);
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is not allowed, whatever it brings', async (method) => {
  const { server } = await serve();
  const answer = await ask(server, '/readyz', { method, headers: { 'content-type': 'application/x-unknown' }, body: 'x' });
  expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('a foreign name that points here (DNS rebinding) and pages of other sites are refused', async () => {
  const { server } = await serve();
  expect((await ask(server, '/readyz', { headers: { host: 'evil.example:8477' } })).status).toBe(403);
  expect((await ask(server, '/readyz', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  expect((await ask(server, '/readyz', { headers: { host: `localhost:${server.port ?? 0}` } })).status).toBe(200);
});

test('it listens on 127.0.0.1 alone', async () => {
  const { server } = await serve();
  const reached = await new Promise<boolean>((resolve) => {
    // 127.0.0.2 is this machine too: a server on all addresses would answer there.
    const socket = connect({ host: '127.0.0.2', port: server.port ?? 0 }, () => resolve(true));
    socket.once('error', () => resolve(false));
    onTestFinished(() => void socket.destroy());
  });
  expect(reached).toBe(false);
});

test('a second daemon that finds the port taken says so, with what to do, and goes on without', async () => {
  const { server: first } = await serve();
  const { server: second, lines } = await serve({}, first.port);
  expect(second.port).toBeUndefined();
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([[40, expect.stringMatching(/port \d+.*EADDRINUSE.*GRAMSCRIBE_HEALTH_PORT/)]]);
  expect((await ask(first, '/healthz')).status).toBe(200);
  await expect(second.stop()).resolves.toBeUndefined();
});

test('a stop ends the answers and the connections that are still open', async () => {
  const { server } = await serve();
  const port = server.port ?? 0;
  const socket = connect({ host: '127.0.0.1', port });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  await server.stop();
  await closed;
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
});

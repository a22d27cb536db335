import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textsFor } from '../../../src/i18n/texts.js';
import type { Network } from '../../../src/modules/contract/index.js';
import { isPublic, moduleNetwork } from '../../../src/modules/host/module-network.js';
import { testCertificate } from '../../support/test-certificate.js';

const texts = textsFor('en').modules.network;
const never = new AbortController().signal;
const PERMITTED = '127.0.0.1';
const seen: { url: string; headers: Record<string, unknown> }[] = [];
const addresses: Record<string, string[]> = {};
let server: Server;
let port: number;
let network: Network;

/** The addresses of a name in order; the last one stays. */
const lookup: LookupFunction = (name, options, callback) => {
  const known = addresses[name] ?? [PERMITTED];
  const address = (known.length > 1 ? known.shift() : known[0]) ?? PERMITTED;
  if (options.all === true) callback(null, [{ address, family: 4 }]);
  else callback(null, address, 4);
};

beforeAll(async () => {
  server = createServer(testCertificate, (request, response) => {
    const url = request.url ?? '';
    seen.push({ url, headers: request.headers });
    const to = /^\/to\/(.*)$/.exec(url)?.[1];
    response.setHeader('connection', 'close').setHeader('set-cookie', 'a=b');
    if (to !== undefined) response.writeHead(302, { location: decodeURIComponent(to) }).end();
    else if (url === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (url === '/endless') response.end(Buffer.alloc(6_000_000));
    else response.end(`${request.method ?? ''} ${url}`);
  });
  server.listen(0, PERMITTED);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  network = moduleNetwork(() => texts, { permits: (address) => address === PERMITTED, lookup, ca: testCertificate.cert });
});

afterAll(() => server.close());

const to = (host: string, path = '/'): string => `https://${host}:${port}${path}`;
const textOf = ({ body }: { body: Uint8Array }): string => Buffer.from(body).toString();
const refusal = (url: string, request = {}) => network.fetch(url, request, never).then(() => 'answered', (error: unknown) => (error as { forPerson?: string }).forPerson);

test('an https address is asked, with the headers that are a module’s to choose and without cookies', async () => {
  const answer = await network.fetch(to('far.example', '/x'), { method: 'post', headers: { 'x-own': '1', Host: 'evil.example' }, body: 'hi' }, never);
  expect([answer.status, textOf(answer)]).toEqual([200, 'POST /x']);
  await network.fetch(to('far.example', '/y'), undefined, never);
  expect(seen.at(-2)?.headers).toMatchObject({ 'x-own': '1', host: `far.example:${port}` });
  expect(seen.at(-1)?.headers).not.toHaveProperty('cookie');
});

test('nothing leads to this machine or its network: no address, no name, no redirect, no name that changes its mind', async () => {
  const asked = seen.length;
  for (const url of ['https://127.0.0.2/', 'https://[::1]/', 'https://2130706434/', 'https://0x7f.2/', 'https://[::ffff:10.0.0.1]/']) expect(await refusal(url)).toBe(texts.notPublic);
  for (const url of [`http://far.example:${port}/`, 'file:///etc/passwd', 'data:text/plain,x', 'nothing']) expect(await refusal(url)).toBe(texts.httpsOnly);
  addresses['inside.example'] = ['10.0.0.7'];
  expect(await refusal(to('inside.example'))).toBe(texts.notPublic);
  expect(seen).toHaveLength(asked);
  expect(await refusal(to('far.example', `/to/${encodeURIComponent(to('inside.example'))}`))).toBe(texts.notPublic);
  expect(await refusal(to('far.example', `/to/${encodeURIComponent('http://far.example/')}`))).toBe(texts.httpsOnly);
  addresses['other.example'] = [PERMITTED, '192.168.1.1'];
  expect(await refusal(to('other.example'))).toBe('answered');
  expect(await refusal(to('other.example'))).toBe(texts.notPublic);
});

test('redirects are followed five times at most, show nobody what was meant for another, or are handed over', async () => {
  delete addresses['other.example'];
  const away = `/to/${encodeURIComponent(to('other.example', '/there'))}`;
  expect(textOf(await network.fetch(to('far.example', away), { headers: { authorization: 'secret' } }, never))).toBe('GET /there');
  expect(seen.at(-1)?.headers).not.toHaveProperty('authorization');
  expect(await network.fetch(to('far.example', away), { redirect: 'manual' }, never)).toMatchObject({ status: 302, headers: { location: to('other.example', '/there') } });
  expect(await refusal(to('far.example', '/round'))).toBe(texts.failed);
});

test('a name that nobody has is refused, and nothing else happens', async () => {
  // As Node's own: there is no address then.
  const unknown = ((_name, _options, callback) => setImmediate(callback as (error: Error) => void, new Error('ENOTFOUND'))) as LookupFunction;
  const asking = moduleNetwork(() => texts, { lookup: unknown }).fetch('https://gone.example/', undefined, never);
  await expect(asking).rejects.toMatchObject({ forPerson: texts.failed });
});

test('an answer that is too long is refused, and an abort is the caller’s own', async () => {
  expect(await refusal(to('far.example', '/endless'))).toBe(texts.failed);
  const reason = new Error('enough');
  await expect(network.fetch(to('far.example'), undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '172.32.0.1', '100.128.0.1'])('%s is public', (address) => expect(isPublic(address)).toBe(true));
test.each(['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '::ffff:0:7f00:1', '2002:7f00:1::', '2001::7f00:1', 'fec0::1', '3fff::1', 'far.example'])('%s is not', (address) => expect(isPublic(address)).toBe(false));

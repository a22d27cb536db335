import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DownloadError } from '../../src/setup/download-error.mjs';
import { downloadProxies } from '../../src/setup/download-proxies.mjs';
import { downloadFile } from '../../src/setup/download.mjs';
import { httpProxy } from '../support/http-proxy.js';
import { socks5Server } from '../support/socks5-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { dropAfter, serve, status, unrulyServer } from '../support/unruly-server.js';

const content = Buffer.concat([Buffer.from('lmgg'), randomBytes(100_000)]);
const checksum = createHash('sha256').update(content).digest('hex');
const { signal } = new AbortController();

/** Downloads with these variables in the environment; resolves with the error where it failed. */
async function download(url: string, variables: Record<string, string>): Promise<DownloadError | undefined> {
  const destination = join(await temporaryFolder(), 'ggml-x.bin');
  const timing = { stallMs: 5000, retryMs: 1, attempts: 2 };
  const task = { url, destination, algorithm: 'sha256', checksum, approximateBytes: content.length, timing, proxies: downloadProxies(variables) } as const;
  try {
    await downloadFile(task, signal);
  } catch (error) {
    expect(error).toBeInstanceOf(DownloadError);
    return error as DownloadError;
  }
  expect(content.equals(await readFile(destination))).toBe(true);
  return undefined;
}

test('a proxy is gone through, with its user and password, over redirects and resumed downloads', async () => {
  const goal = await unrulyServer(dropAfter(content, 50_000), serve(content));
  const server = await unrulyServer(status(302, { location: goal.url }));
  const proxy = await httpProxy('me:p@ss word');
  expect(await download(server.url, { HTTP_PROXY: proxy.link })).toBeUndefined();
  expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([server.url, goal.url].map((url) => new URL(url).host)));
  expect(goal.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
});

test('MODEL_PROXY wins over the others, also over NO_PROXY', async () => {
  const server = await unrulyServer(serve(content));
  const [own, other] = [await httpProxy(), await httpProxy()];
  expect(await download(server.url, { MODEL_PROXY: own.link, HTTP_PROXY: other.link, NO_PROXY: '*' })).toBeUndefined();
  expect([own.asked.length, other.asked.length]).toEqual([1, 0]);
});

test('a host of NO_PROXY is reached directly', async () => {
  const server = await unrulyServer(serve(content));
  const proxy = await httpProxy();
  expect(await download(server.url, { ALL_PROXY: proxy.link, NO_PROXY: 'example.org,127.0.0.1' })).toBeUndefined();
  expect(proxy.asked).toEqual([]);
});

test('a SOCKS5 proxy is gone through, with special characters in the password', async () => {
  const server = await unrulyServer(serve(content));
  const proxy = await socks5Server({ credentials: { username: 'me', password: 'p@ss:%' } });
  expect(await download(server.url, { MODEL_PROXY: proxy.link })).toBeUndefined();
  expect(proxy.asked).toHaveLength(1);
});

test('a proxy that refuses or is not there is named, its password is not, and nothing goes around it', async () => {
  const server = await unrulyServer(serve(content));
  const proxy = await httpProxy('me:right');
  const refused = await download(server.url, { HTTP_PROXY: proxy.link.replace('right', 'secret') });
  expect(refused?.reason).toBe('unreachable');
  expect(refused?.detail).toContain('407');
  expect(refused?.detail).toContain(`, proxy ${new URL(proxy.link).host}`);
  const gone = await download(server.url, { HTTP_PROXY: 'http://me:secret@127.0.0.1:9' });
  expect(gone).toMatchObject({ reason: 'unreachable', detail: 'ECONNREFUSED, proxy 127.0.0.1:9' });
  for (const error of [refused, gone]) expect(JSON.stringify([error?.message, error?.detail])).not.toContain('secret');
  expect(server.ranges).toEqual([]);
});

test('a link that is no proxy is refused before anything is asked for, and not shown', async () => {
  const server = await unrulyServer(serve(content));
  const error = await download(server.url, { HTTPS_PROXY: 'ftp://me:secret@proxy:21' });
  expect(error).toMatchObject({ reason: 'bad-proxy', detail: 'MODEL_PROXY, HTTPS_PROXY' });
  expect(server.ranges).toEqual([]);
});

import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DownloadError, downloadFile } from '../../src/setup/download.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';
import { dropAfter, serve, stallAfter, status, unrulyServer } from '../support/unruly-server.js';

const content = Buffer.concat([Buffer.from('lmgg'), randomBytes(300_000)]);
const checksum = createHash('sha256').update(content).digest('hex');
const QUICK = { stallMs: 300, retryMs: 1, attempts: 3 };

async function task(url: string): Promise<Parameters<typeof downloadFile>[0]> {
  const destination = join(await temporaryFolder(), 'models', 'ggml-x.bin');
  return { url, destination, algorithm: 'sha256', checksum, approximateBytes: content.length, timing: QUICK };
}

async function failureOf(download: Promise<void>): Promise<DownloadError> {
  const error = await download.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(DownloadError);
  return error as DownloadError;
}

const { signal } = new AbortController();

test('a file that comes whole gets its name, and nothing else stays', async () => {
  const { url } = await unrulyServer(serve(content));
  const wanted = await task(url);
  const seen: number[] = [];
  await downloadFile({ ...wanted, onProgress: ({ receivedBytes }) => seen.push(receivedBytes) }, signal);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
  expect(existsSync(`${wanted.destination}.part`)).toBe(false);
  expect(seen.at(-1)).toBe(content.length);
});

test('a dropped connection is taken up where it broke, as often as it takes while bytes come', async () => {
  const drop = dropAfter(content, 60_000);
  const server = await unrulyServer(drop, drop, drop, drop, serve(content));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
  expect(server.ranges[0]).toBeUndefined();
  expect(server.ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
});

test('what an earlier run left is not fetched again', async () => {
  const server = await unrulyServer(serve(content));
  const wanted = await task(server.url);
  await expect(downloadFile({ ...wanted, url: 'http://127.0.0.1:9/' }, signal)).rejects.toThrow(DownloadError);
  await writeFile(`${wanted.destination}.part`, content.subarray(0, 200_000));
  await downloadFile(wanted, signal);
  expect(server.ranges).toEqual(['bytes=200000-']);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('a part that is the whole file already is recognised', async () => {
  const server = await unrulyServer(serve(content));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  await writeFile(`${wanted.destination}.part`, content);
  await downloadFile(wanted, signal);
  expect(existsSync(`${wanted.destination}.part`)).toBe(false);
});

test('a server that knows no ranges sends the file from its beginning, and that is what is kept', async () => {
  const server = await unrulyServer(stallAfter(content, 1000), (_request, response) => {
    response.writeHead(200, { 'content-length': content.length }).end(content);
  });
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(server.ranges).toEqual([undefined, 'bytes=1000-']);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('a stalled connection is given up and taken up again', async () => {
  const server = await unrulyServer(stallAfter(content, 50_000), serve(content));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(server.ranges).toEqual([undefined, 'bytes=50000-']);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('a redirect is followed', async () => {
  const goal = await unrulyServer(serve(content));
  const { url } = await unrulyServer(status(302, { location: goal.url }));
  const wanted = await task(url);
  await downloadFile(wanted, signal);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test.each([429, 500, 503])('after HTTP %i it is tried again', async (code) => {
  const server = await unrulyServer(status(code, { 'retry-after': '0' }), serve(content));
  await downloadFile(await task(server.url), signal);
  expect(server.ranges).toHaveLength(2);
});

test('a server that goes on failing is given up after the attempts that were allowed', async () => {
  const server = await unrulyServer(status(500));
  const error = await failureOf(downloadFile(await task(server.url), signal));
  expect(error).toMatchObject({ reason: 'unreachable', detail: 'HTTP 500' });
  expect(server.ranges).toHaveLength(QUICK.attempts);
});

test.each([401, 403, 404])('HTTP %i is not tried again', async (code) => {
  const server = await unrulyServer(status(code));
  const error = await failureOf(downloadFile(await task(server.url), signal));
  expect(error).toMatchObject({ reason: 'refused', detail: `HTTP ${code}` });
  expect(server.ranges).toHaveLength(1);
});

test('a web page with status 200 is refused, and what was there before stays', async () => {
  const wanted = await task('');
  const portal = await unrulyServer(status(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>Sign in to the hotel'));
  const good = await unrulyServer(dropAfter(content, 100_000), status(404));
  await failureOf(downloadFile({ ...wanted, url: good.url }, signal));
  const before = await readFile(`${wanted.destination}.part`);
  expect(before.length).toBeGreaterThan(0);
  const error = await failureOf(downloadFile({ ...wanted, url: portal.url }, signal));
  expect(error.reason).toBe('not-a-model');
  expect(before.equals(await readFile(`${wanted.destination}.part`))).toBe(true);
});

test('a Git LFS pointer in place of the file is refused', async () => {
  const { url } = await unrulyServer(status(200, {}, 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'));
  const error = await failureOf(downloadFile(await task(url), signal));
  expect(error).toMatchObject({ reason: 'not-a-model', detail: 'a Git LFS pointer' });
});

test('wrong bytes are thrown away and fetched once more', async () => {
  const wrong = Buffer.from(content);
  wrong[100_000] = (wrong[100_000] ?? 0) ^ 1;
  const server = await unrulyServer(serve(wrong), serve(content));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
  expect(server.ranges).toEqual([undefined, undefined]);
});

test('bytes that are wrong twice never get the name of the model', async () => {
  const { url } = await unrulyServer(serve(Buffer.concat([Buffer.from('lmgg'), randomBytes(300_000)])));
  const wanted = await task(url);
  expect((await failureOf(downloadFile(wanted, signal))).reason).toBe('altered');
  expect(existsSync(wanted.destination)).toBe(false);
  expect(existsSync(`${wanted.destination}.part`)).toBe(false);
});

test('a part that is longer than the file is thrown away', async () => {
  const server = await unrulyServer(serve(content));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  await writeFile(`${wanted.destination}.part`, Buffer.concat([content, content]));
  await downloadFile(wanted, signal);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('no server at all is said as such', async () => {
  const error = await failureOf(downloadFile(await task('http://127.0.0.1:9/ggml-x.bin'), signal));
  expect(error.reason).toBe('unreachable');
});

test('an abort ends the download at once, and keeps what came for the next time', async () => {
  const { url } = await unrulyServer(stallAfter(content, 50_000));
  const wanted = await task(url);
  const stop = new AbortController();
  const reason = new Error('enough');
  const download = downloadFile({ ...wanted, timing: { stallMs: 60_000 }, onProgress: () => stop.abort(reason) }, stop.signal);
  await expect(download).rejects.toBe(reason);
  expect((await readFile(`${wanted.destination}.part`)).length).toBe(50_000);
});

test('more than the disk holds is not even begun', async () => {
  const server = await unrulyServer(serve(content));
  const error = await failureOf(downloadFile({ ...(await task(server.url)), approximateBytes: Number.MAX_SAFE_INTEGER }, signal));
  expect(error.reason).toBe('disk-full');
  expect(server.ranges).toEqual([]);
});

import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { DownloadError } from '../../src/setup/download-error.mjs';
import { downloadFile } from '../../src/setup/download.mjs';
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
  expect(error).toMatchObject({ reason: 'busy', detail: 'HTTP 500' });
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

/** How much of what was sent before a connection broke is received is up to the system. */
const SOME_RANGE: unknown = expect.stringMatching(/^bytes=[1-9]\d*-$/);

/** What stands in the folder of the models. */
async function namesBeside(destination: string): Promise<string[]> {
  return (await readdir(dirname(destination))).sort();
}

test('a redirect that leads in a circle is given up, with the place where it led last', async () => {
  const server = await unrulyServer(status(302, { location: '/again?token=hidden' }));
  const wanted = await task(server.url);
  const error = await failureOf(downloadFile(wanted, signal));
  expect(error.reason).toBe('refused');
  expect(error.detail).toMatch(/^more than 10 redirects, the last to http:\/\/127\.0\.0\.1:\d+\/again$/);
  expect(await namesBeside(wanted.destination)).toEqual([]);
});

test.each(['ftp://127.0.0.1/x', 'file:///etc/passwd', 'http://:bad'])('a redirect to %s is not followed', async (location) => {
  const server = await unrulyServer(status(302, { location }));
  const error = await failureOf(downloadFile(await task(server.url), signal));
  expect(error).toMatchObject({ reason: 'refused', detail: 'HTTP 302 to an address that is not http or https' });
});

test('user and password of a mirror reach it, and no server that it redirects to, and are never shown', async () => {
  const goal = await unrulyServer(dropAfter(content, 100_000), serve(content));
  const mirror = await unrulyServer(status(302, { location: goal.url }));
  const wanted = await task(mirror.url.replace('http://', 'http://me:p%40ss@'));
  await downloadFile(wanted, signal);
  const sent = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(mirror.headers.map(({ authorization }) => authorization)).toEqual([sent, sent]);
  expect(goal.headers.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  expect(goal.ranges).toEqual([undefined, SOME_RANGE]);
  const broken = await unrulyServer(serve(Buffer.concat([Buffer.from('lmgg'), randomBytes(300_000)])));
  const error = await failureOf(downloadFile({ ...wanted, url: broken.url.replace('http://', 'http://me:p%40ss@') }, signal));
  expect(error.message).not.toMatch(/p%40ss|p@ss|me:/);
});

test('a file that changed on the server while it was fetched is fetched from its beginning, once', async () => {
  const old = Buffer.concat([Buffer.from('lmgg'), randomBytes(300_000)]);
  const server = await unrulyServer(dropAfter(old, 100_000, '"old"'), serve(content, '"new"'));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(server.headers[1]).toMatchObject({ range: SOME_RANGE, 'if-range': '"old"' });
  expect(server.ranges).toHaveLength(2);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
  expect(await namesBeside(wanted.destination)).toEqual(['ggml-x.bin']);
});

test('where the server names no versions, a file made of two costs one more download and no more', async () => {
  const old = Buffer.concat([Buffer.from('lmgg'), randomBytes(300_000)]);
  const server = await unrulyServer(dropAfter(old, 100_000, 'W/"weak"'), serve(content));
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(server.headers[1]?.['if-range']).toBeUndefined();
  expect(server.ranges).toEqual([undefined, SOME_RANGE, undefined]);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('what one server began another goes on with, whatever they call the version', async () => {
  const first = await unrulyServer(dropAfter(content, 100_000, '"a"'), status(404));
  const wanted = await task(first.url);
  await failureOf(downloadFile(wanted, signal));
  const second = await unrulyServer(serve(content, '"b"'));
  await downloadFile({ ...wanted, url: second.url }, signal);
  expect(second.headers[0]).toMatchObject({ range: SOME_RANGE });
  expect(second.headers[0]?.['if-range']).toBeUndefined();
  expect(await namesBeside(wanted.destination)).toEqual(['ggml-x.bin']);
});

test('a server that asks to come back in an hour is not waited for, and what came is kept', async () => {
  const server = await unrulyServer(dropAfter(content, 100_000), status(429, { 'retry-after': '3600' }));
  const wanted = await task(server.url);
  const error = await failureOf(downloadFile(wanted, signal));
  expect(error).toMatchObject({ reason: 'busy', detail: 'HTTP 429, Retry-After: 3600' });
  const part = await readFile(`${wanted.destination}.part`);
  expect(part.length).toBeGreaterThan(0);
  expect(part.equals(content.subarray(0, part.length))).toBe(true);
});

test('the time of day until which a server asks to wait is understood', async () => {
  const past = new Date(Date.now() - 60_000).toUTCString();
  const server = await unrulyServer(status(503, { 'retry-after': past }), serve(content));
  await downloadFile(await task(server.url), signal);
  expect(server.ranges).toHaveLength(2);
  const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
  const asleep = await unrulyServer(status(503, { 'retry-after': tomorrow }));
  expect(await failureOf(downloadFile(await task(asleep.url), signal))).toMatchObject({ reason: 'busy', detail: `HTTP 503, Retry-After: ${tomorrow}` });
});

test('a file that has no end does not fill the disk', async () => {
  const block = Buffer.alloc(65_536, 1);
  const server = await unrulyServer((_request, response) => {
    response.writeHead(200);
    response.write('lmgg');
    const more = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', more);
    more();
  });
  const wanted = await task(server.url);
  const error = await failureOf(downloadFile(wanted, signal));
  expect(error).toMatchObject({ reason: 'not-a-model', detail: `more than ${content.length} bytes` });
  expect(await namesBeside(wanted.destination)).toEqual([]);
});

test('a length that promises too little ends as a wrong checksum, one that promises too much is asked for again', async () => {
  const short = await unrulyServer((_request, response) => void response.writeHead(200, { 'content-length': 1000 }).end(content.subarray(0, 1000)));
  expect((await failureOf(downloadFile(await task(short.url), signal))).reason).toBe('altered');
  const long = await unrulyServer((_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 1000), () => response.destroy());
  }, serve(content));
  const wanted = await task(long.url);
  await downloadFile(wanted, signal);
  expect(long.ranges).toEqual([undefined, SOME_RANGE]);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('a range of another place than the one that was asked for is not glued on', async () => {
  const server = await unrulyServer(
    dropAfter(content, 100_000),
    (_request, response) => void response.writeHead(206, { 'content-range': `bytes 5-${content.length - 1}/${content.length}` }).end(content.subarray(5)),
    serve(content),
  );
  const wanted = await task(server.url);
  await downloadFile(wanted, signal);
  expect(server.ranges).toEqual([undefined, SOME_RANGE, undefined]);
  expect(content.equals(await readFile(wanted.destination))).toBe(true);
});

test('a disk that is full in the middle is said as such', async () => {
  const server = await unrulyServer(serve(content));
  const wanted = await task(server.url);
  await mkdir(dirname(wanted.destination), { recursive: true });
  await symlink('/dev/full', `${wanted.destination}.part`); // takes no byte: ENOSPC
  const error = await failureOf(downloadFile(wanted, signal));
  expect(error).toMatchObject({ reason: 'disk-full', detail: dirname(wanted.destination) });
  expect(existsSync(wanted.destination)).toBe(false);
  expect(server.ranges).toHaveLength(1);
});

test('a folder that takes no file is said as such', async () => {
  const server = await unrulyServer(serve(content));
  const wanted = await task(server.url);
  await writeFile(dirname(wanted.destination), 'a file stands where the folder should be');
  const error = await failureOf(downloadFile(wanted, signal));
  expect(error.reason).toBe('unwritable');
  expect(error.detail).toContain(dirname(wanted.destination));
  expect(server.ranges).toEqual([]);
});

test('a model that is here stays as it is when its new copy cannot be had', async () => {
  const { url } = await unrulyServer(serve(Buffer.concat([Buffer.from('lmgg'), randomBytes(300_000)])));
  const wanted = await task(url);
  await mkdir(dirname(wanted.destination), { recursive: true });
  await writeFile(wanted.destination, 'the old one');
  expect((await failureOf(downloadFile(wanted, signal))).reason).toBe('altered');
  expect(await readFile(wanted.destination, 'utf8')).toBe('the old one');
});

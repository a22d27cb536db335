import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { clip, words } from '../support/clips.js';
import { requireEngine } from '../support/engine.js';
import { bundledDir, ffmpeg, processesWith } from '../support/workspace.js';
import { launchBrowser, requireBrowser } from './browser.js';
import { RunningDemo } from './running-demo.js';

const ANSWER = { timeout: 60_000 };
/** Names the folder that the README's screenshots are to be written to; without it none are made. */
const SCREENSHOTS = process.env.GRAMSCRIBE_SCREENSHOTS;

/** A demo, a browser that looks at it, and what its page complained of and asked for. */
interface Stand {
  folder: string;
  temporary: string;
  demo: RunningDemo;
  address: string;
  browser: Browser;
  page: Page;
  troubles: string[];
  requests: string[];
}

async function openStand(language: 'en' | 'ru'): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-test-'));
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const microphone = join(folder, 'microphone.wav');
  // The browser opens the microphone a moment before it records.
  const late = ['-af', 'adelay=1000:all=1,apad=pad_dur=20', '-ar', '48000'];
  await ffmpeg('-i', join(bundledDir, 'clips', '02-en.ogg'), ...late, microphone);
  const demo = RunningDemo.start(temporary, language);
  const browser = await launchBrowser(microphone);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: language, colorScheme: 'light' });
  const troubles: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (asked) => requests.push(asked.url()));
  const address = await demo.address();
  await page.goto(address);
  await page.locator('.clip').first().waitFor();
  return { folder, temporary, demo, address, browser, page, troubles, requests };
}

async function closeStand({ browser, demo, folder }: Stand): Promise<void> {
  await browser.close();
  await demo.end();
  await rm(folder, { recursive: true, force: true });
}

/** What the owner's account says next, when it says what is wanted. */
async function nextAnswer(page: Page, act: () => Promise<unknown>, wanted: (text: string) => boolean): Promise<Locator> {
  const own = page.locator('.row.own');
  const before = await own.count();
  await act();
  const answer = own.nth(before);
  await expect.poll(async () => ((await own.count()) > before ? wanted(await answer.innerText()) : false), ANSWER).toBe(true);
  return answer;
}

function sayClip(page: Page, id: string): Promise<Locator> {
  const { text, language } = clip(`${id}.ogg`);
  const said = words(text);
  return nextAnswer(
    page,
    async () => {
      await page.locator(`.choice [data-value="${language}"]`).click();
      await page.locator(`[data-clip="${id}"]`).click();
    },
    (answer) => words(answer).includes(said),
  );
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator('.write input').fill(text);
  await page.locator('.write input').press('Enter');
}

const textOf = (row: Locator): Promise<string> => row.locator('.text').innerText();

describe('the demo in a real browser', () => {
  let stand: Stand;
  let opened: Promise<Stand> | undefined;
  beforeEach(async (ctx) => {
    requireBrowser(ctx);
    requireEngine(ctx);
    opened ??= openStand('en');
    stand = await opened;
  });
  afterAll(async () => {
    if (opened) await closeStand(await opened);
  });
  const openChat = (kind: string) => stand.page.locator(`.chat[data-kind="${kind}"]`).click();

  test.each(['03-ru', '08-en'])('what is said in the clip %s arrives as a reply that quotes the voice', async (id) => {
    const { page } = stand;
    await openChat('tracked');
    const answer = await sayClip(page, id);
    expect(words(await textOf(answer))).toBe(words(clip(`${id}.ogg`).text));
    expect(await answer.locator('.quoted').innerText()).toContain('Anna');
    expect(await answer.locator('.score.all').count()).toBe(1);
    expect(await page.locator('.fact.timing').innerText()).toMatch(/heard in \d+\.\d s/);
  });

  test('a long voice is answered with a quote that opens', async () => {
    const { page } = stand;
    await openChat('tracked');
    await page.locator('.choice [data-value="en"]').click();
    const answer = await nextAnswer(page, () => page.locator('[data-clip="long-en"]').click(), (text) => /late no\./i.test(text));
    const inside = answer.locator('blockquote .inside');
    const folded = (await inside.boundingBox())?.height ?? 0;
    await answer.locator('.unfold').click();
    expect((await inside.boundingBox())?.height ?? 0).toBeGreaterThan(folded);
    expect(await answer.locator('.unfold').getAttribute('aria-expanded')).toBe('true');
  });

  test('a command typed as the owner is edited into its answer, in place', async () => {
    const { page } = stand;
    await openChat('saved');
    await write(page, '.help');
    const row = page.locator('.row.own, .row').last();
    await expect.poll(() => row.innerText(), ANSWER).toContain('.status');
    expect(await row.locator('.meta').innerText()).toContain('edited');
    expect(await page.locator('.row').count()).toBe(1);
  });

  test('a file that is no audio gets the honest failure', async () => {
    const { page } = stand;
    await openChat('tracked');
    const file = { name: 'holiday.ogg', mimeType: 'audio/ogg', buffer: Buffer.from('this is no audio at all') };
    const upload = () => page.locator('.tools input[type=file]').setInputFiles(file);
    const answer = await nextAnswer(page, upload, (text) => text.includes('the audio is damaged'));
    expect(await textOf(answer)).toBe('⚠️ Could not write this down: the audio is damaged.');
  });

  test('an uploaded recording in another format becomes a voice message and is written down', async () => {
    const { page, folder } = stand;
    await openChat('tracked');
    const mp3 = join(folder, 'recording.mp3');
    await ffmpeg('-i', join(bundledDir, 'clips', '10-en.ogg'), '-b:a', '128k', mp3);
    const said = words(clip('10-en.ogg').text);
    const upload = () => page.locator('.tools input[type=file]').setInputFiles(mp3);
    const answer = await nextAnswer(page, upload, (text) => words(text).includes(said));
    expect(words(await textOf(answer))).toBe(said);
  });

  test('what the microphone hears becomes a voice message and is written down', async () => {
    const { page } = stand;
    await openChat('tracked');
    const said = words(clip('02-en.ogg').text);
    const record = page.locator('.tool.record');
    const speak = async () => {
      await record.click();
      await expect.poll(() => record.innerText(), ANSWER).toContain('0:05');
      await record.click();
    };
    const answer = await nextAnswer(page, speak, (text) => words(text).includes(said));
    expect(words(await textOf(answer))).toBe(said);
    expect(await page.locator('.row .wave i').count()).toBeGreaterThan(0);
  });

  test('someone who is not tracked is left alone until the owner says .track', async () => {
    const { page } = stand;
    await openChat('untracked');
    await page.locator('.choice [data-value="en"]').click();
    await page.locator('[data-clip="06-en"]').click();
    await page.locator('.log li', { hasText: 'because=not-tracked' }).waitFor();
    await write(page, '.track');
    await expect.poll(() => textOf(page.locator('.row.own').first()), ANSWER).toContain('Now tracking: Boris');
    expect(await page.locator('.row.own').count()).toBe(1);
    const answer = await sayClip(page, '06-en');
    expect(words(await textOf(answer))).toBe(words(clip('06-en.ogg').text));
  });

  test('a round video in a group is written down, and it plays with its sound', async () => {
    const { page } = stand;
    await openChat('group');
    await page.locator('.choice [data-value="video-note"]').click();
    const answer = await sayClip(page, '05-ru');
    expect(words(await textOf(answer))).toBe(words(clip('05-ru.ogg').text));
    await page.locator('.choice [data-value="voice"]').click();
    const note = page.locator('.video-note').last();
    await note.click();
    await expect.poll(() => note.getAttribute('aria-label'), ANSWER).toBe('Pause');
    await expect.poll(() => note.locator('.length').innerText(), ANSWER).toBe('0:04');
    await note.click();
  });

  test('a voice message plays, shows how far it is, and can be moved in with the keyboard', async () => {
    const { page } = stand;
    await openChat('tracked');
    const voice = page.locator('.voice').first();
    await voice.locator('.play').click();
    await expect.poll(() => voice.locator('.wave i.played').count(), ANSWER).toBeGreaterThan(5);
    await voice.locator('.play').click();
    await voice.locator('.wave').press('ArrowLeft');
    await voice.locator('.wave').press('ArrowLeft');
    await voice.locator('.wave').press('ArrowLeft');
    expect(await voice.locator('.wave').getAttribute('aria-valuenow')).toBe('0');
  });

  test('a message that is answered brings the commands for it, and .why explains the voice', async () => {
    const { page } = stand;
    await openChat('tracked');
    const voice = page.locator('.row', { has: page.locator('.voice') }).first();
    await voice.hover();
    await voice.locator('.answer-to').click();
    expect(await page.locator('.command').allInnerTexts()).toEqual(['.why', '.transcribe', '.retry']);
    const why = await nextAnswer(page, () => page.locator('.command').first().click(), (text) => text.includes('tracked'));
    expect(await why.locator('.quoted').innerText()).toContain('Anna');
    expect(await why.locator('.score').count()).toBe(0);
    expect(await page.locator('.command').first().innerText()).toBe('.help');
  });

  test('what people write is shown as they wrote it, whatever it looks like', async () => {
    const { page } = stand;
    await openChat('saved');
    const written = '<img src=x onerror="document.title=1"> <b>&amp;</b>';
    await write(page, written);
    await expect.poll(() => textOf(page.locator('.row').last()), ANSWER).toBe(written);
    expect(await page.locator('.row img').count()).toBe(0);
  });

  test('the view stays at the end, also where a picture makes the chat longer', async () => {
    const { page } = stand;
    await openChat('saved');
    const list = page.locator('#messages');
    const belowView = () => list.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
    for (const [typed, answer] of [['.config voice', 'opt-in-words'], ['.info', 'Gramscribe']] as const) {
      await write(page, typed);
      await expect.poll(() => page.locator('.row').last().innerText(), ANSWER).toContain(answer);
      await expect.poll(belowView).toBeLessThan(2);
    }
    await page.locator('.row img').last().waitFor();
    await expect.poll(belowView).toBeLessThan(2);
  });

  test('the page speaks both languages and remembers the choice', async () => {
    const { page } = stand;
    await page.locator('.languages [lang=ru]').click();
    expect(await page.locator('.state').innerText()).toBe('на связи');
    await page.reload();
    await page.locator('.clip').first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await page.locator('.languages [lang=en]').click();
    expect(await page.locator('.state').innerText()).toBe('connected');
  });

  test('on a phone the chats, the conversation and the log each have the screen, and nothing sticks out', async () => {
    const { page } = stand;
    await page.setViewportSize({ width: 390, height: 800 });
    const sticksOut = () => page.evaluate('document.documentElement.scrollWidth > innerWidth');
    await page.locator('.back').click();
    await page.locator('.chats').waitFor();
    expect([await page.locator('.conversation').isVisible(), await sticksOut()]).toEqual([false, false]);
    await openChat('tracked');
    expect([await page.locator('.chats').isVisible(), await sticksOut()]).toEqual([false, false]);
    await page.locator('.log-toggle').click();
    expect([await page.locator('.log').isVisible(), await sticksOut()]).toEqual([true, false]);
    await page.locator('.log-toggle').click();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('a daemon that is cut off says that it waits, comes back by itself, and writes down again', async () => {
    const { page } = stand;
    const network = page.locator('.network');
    await openChat('tracked');
    await network.click();
    await page.locator('.state[data-daemon="waiting"]').waitFor();
    await expect.poll(() => network.getAttribute('aria-pressed'), ANSWER).toBe('true');
    await network.click();
    await expect.poll(() => page.locator('.state').innerText(), ANSWER).toBe('connected');
    const answer = await sayClip(page, '12-en');
    expect(words(await textOf(answer))).toBe(words(clip('12-en.ogg').text));
  }, 2 * ANSWER.timeout);

  test('the tiny model is owned up to', async () => {
    expect(await stand.page.locator('.note').innerText()).toContain('about 110 words');
    expect(stand.demo.output).toContain('about 110 words');
  });

  test('a page that only pretends to be this one is refused', async () => {
    const { address } = stand;
    expect(await statusOf(address, { host: 'rebound.example' })).toBe(403);
    expect(await statusOf(`${address}api/texts`, { origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf(`${address}api/texts`, {})).toBe(200);
  });

  test('the page has complained of nothing and asked nobody else for anything', () => {
    const { troubles, requests, address } = stand;
    expect(troubles).toEqual([]);
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
  });

  test('Ctrl-C stops everything in order and leaves nothing behind', async () => {
    const { demo, temporary } = stand;
    expect((await readdir(temporary)).length).toBeGreaterThan(0);
    expect(await demo.end('SIGINT')).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
    expect(await processesWith(temporary)).toEqual([]);
    await expect.poll(() => stand.page.locator('.state').innerText(), ANSWER).toBe('the demo has ended');
  });
});

test('the demo ends with a failure, and says what the daemon said, when the daemon dies', async (ctx) => {
  requireEngine(ctx);
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-test-'));
  const demo = RunningDemo.start(folder, 'en');
  await demo.address();
  const [daemon] = await demo.children();
  process.kill(daemon!, 'SIGKILL');
  expect(await demo.exited).toBe(1);
  expect(await processesOfGroup(daemon!)).toEqual([]);
  expect(await processesWith(folder)).toEqual([]);
  expect(demo.output).toMatch(/The daemon ended by itself \(SIGKILL\)[^]*The bot is running!/);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

test('a terminal window that is closed stops the demo as Ctrl-C does', async (ctx) => {
  requireEngine(ctx);
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-test-'));
  const demo = RunningDemo.start(folder, 'en');
  await demo.address();
  const [daemon] = await demo.children();
  expect(await demo.hangUp()).toBe(0);
  expect([await readdir(folder), await processesOfGroup(daemon!), await processesWith(folder)]).toEqual([[], [], []]);
  await rm(folder, { recursive: true });
});

/** `GRAMSCRIBE_SCREENSHOTS=docs npx vitest run test/demo -t README` makes the README's pictures anew. */
async function takeScreenshot(language: 'en' | 'ru', folder: string): Promise<void> {
  const stand = await openStand(language);
  try {
    const { page } = stand;
    await sayClip(page, language === 'en' ? '08-en' : '03-ru');
    await page.locator(`[data-clip="long-${language}"]`).click();
    await expect.poll(() => page.locator('.score.all').count(), ANSWER).toBe(2);
    await page.locator('.clips').evaluate((clips: { scrollLeft: number }) => void (clips.scrollLeft = 0));
    await page.mouse.move(0, 0);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: join(folder, language === 'en' ? 'demo.png' : 'demo.ru.png') });
  } finally {
    await closeStand(stand);
  }
}

if (SCREENSHOTS !== undefined) {
  test.each(['en', 'ru'] as const)('the picture of the README (%s)', (language) => takeScreenshot(language, SCREENSHOTS));
}

/** The daemon and all that it has started are one process group. */
async function processesOfGroup(leader: number): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pgid=,stat=,args=']);
  return stdout.split('\n').filter((line) => new RegExp(`^\\s*${leader} [^Z]`).test(line));
}

/** The status of an answer, asked for with headers that a browser would not let a page set. */
function statusOf(address: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject).end();
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log/logger.js';
import { defineModule, type Module, type WatcherFilter } from '../../modules/contract/index.js';
import type { ModuleContextDependencies } from '../../modules/host/module-context.js';
import { moduleMessageOf } from '../../modules/host/module-message-of.js';
import { ModuleRun, type ModuleRunDependencies } from '../../modules/host/module-run.js';
import { WatcherDispatch } from '../../modules/watchers/watcher-dispatch.js';
import { monotonicClock, systemClock } from '../../supervisor/clock.js';
import type { IncomingMessage } from '../../telegram/incoming-message.js';
import { madeBy, writeSection } from './benchmark-document.js';
import { quantile } from './statistics.js';

export interface WatchersBenchOptions {
  watchers: number;
  perSecond: number;
  seconds: number;
  write: boolean;
}

/** What people's watchers ask for, one after the other: most messages fit few of them. */
const FILTERS: readonly WatcherFilter[] = [
  { direction: 'outgoing', text: { startsWith: '#' } },
  { direction: 'incoming', media: ['voice', 'video-note'] },
  { chats: ['c5', 'g7'], text: { contains: 'delivery' } },
  { from: ['3'], edits: 'with' },
  { text: { matches: '\\b(meeting|встреча)\\b' } },
  { chatKinds: ['private'], media: 'none' },
  { direction: 'incoming', replies: 'only', forwards: 'without' },
  { text: { endsWith: '?' }, chatKinds: ['group', 'supergroup'] },
];
const TEXTS = ['ok', 'See you at the meeting tomorrow, bring the papers', 'Что сегодня на ужин?', '#address', 'A longer message of somebody who tells what has happened today, '.repeat(6)];
const BATCH_MS = 20;

/**
 * Offers messages at a steady pace to watchers of all kinds and measures what a message costs on the main thread: from the account's
 * message until every filter has judged it and each watcher that wants it was called. Writes a section; resolves with the exit status.
 */
export async function benchWatchers(options: WatchersBenchOptions, { log, version }: { log: Logger; version: string }, signal: AbortSignal): Promise<number> {
  const { watchers, perSecond, seconds, write } = options;
  const dispatch = new WatcherDispatch(() => undefined);
  const module = countingModule(watchers);
  const run = new ModuleRun(module.module, { settings: {}, store: undefined as never }, runParts(dispatch, log));
  await run.start(signal);
  const micros: number[] = [];
  const total = perSecond * seconds;
  const startedMs = performance.now();
  for (let offered = 0; offered < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) * perSecond) / 1000));
    for (; offered < due; offered += 1) {
      const message = messageNo(offered);
      const beganMs = performance.now();
      dispatch.offer(moduleMessageOf(message));
      micros.push(((performance.now() - beganMs) * 1000) / watchers);
    }
    await sleep(BATCH_MS, undefined, { signal });
  }
  await run.stop();
  const section = render(micros, module.called(), options, version);
  if (write) await writeSection('watchers', section);
  console.log(`\n${section}`);
  return 0;
}

/** Its watchers do nothing: what is measured is what the core does for them. */
function countingModule(watchers: number): { module: Module; called: () => number } {
  let called = 0;
  const about = { title: 'Bench', summary: 'counts' };
  const module = defineModule({
    name: 'bench',
    version: '1.0.0',
    about: { en: about, ru: about },
    watchers: (watcher) =>
      Array.from({ length: watchers }, (_, at) =>
        watcher({
          name: `w${at}`,
          filter: FILTERS[at % FILTERS.length] ?? {},
          run: () => {
            called += 1;
            return Promise.resolve();
          },
        }),
      ),
  });
  return { module, called: () => called };
}

/** The module uses nothing of the account, so there is no account. */
function runParts(watchers: WatcherDispatch, log: Logger): ModuleRunDependencies {
  const context = { accountId: 'bench', choices: { prefix: '.', language: 'en' as const }, notMet: () => '', clock: systemClock, log, ...(noAccount as Pick<ModuleContextDependencies, 'gateway' | 'transcribing' | 'network'>) };
  return { context, watchers, steady: monotonicClock, isOutside: () => false, onTooMuch: () => undefined, log };
}

const noAccount: object = { gateway: {}, transcribing: {}, network: {} };

function messageNo(at: number): IncomingMessage {
  const chat = at % 3 === 0 ? ({ kind: 'channel', id: String(at % 9), accessHash: '1' } as const) : ({ kind: 'user', id: String(at % 7), accessHash: '1' } as const);
  const isVoice = at % 11 === 0;
  return {
    accountId: 'main',
    chat,
    chatKind: chat.kind === 'channel' ? 'supergroup' : 'private',
    messageId: at + 1,
    sender: { kind: 'user', id: String(at % 5), accessHash: '1' },
    outgoing: at % 4 === 0,
    edited: at % 13 === 0,
    dateMs: 1_700_000_000_000 + at,
    text: isVoice ? '' : (TEXTS[at % TEXTS.length] ?? ''),
    ...(at % 6 === 0 ? { replyToMessageId: 5 } : {}),
    forwarded: at % 17 === 0,
    viaBot: false,
    hasMedia: isVoice,
    ...(isVoice ? { voice: { kind: 'voice', documentId: '1', accessHash: '1', fileReference: '', dcId: 2, sizeBytes: 1, durationSec: 1, mimeType: 'audio/ogg' } } : {}),
  };
}

function render(micros: readonly number[], called: number, { watchers, perSecond, seconds }: WatchersBenchOptions, version: string): string {
  return [
    '## Watchers of modules',
    '',
    madeBy('npm run bench -- watchers', version),
    '',
    `${watchers} watchers with filters of all kinds, ${perSecond} messages a second for ${seconds} s; ${(called / micros.length).toFixed(1)} watchers a message wanted it and were called. ` +
      'Time on the main thread for one message and one watcher, from the account’s message to the call.',
    '',
    '| | µs a message a watcher |',
    '| --- | ---: |',
    `| median | ${quantile(micros, 0.5).toFixed(2)} |`,
    `| 95th percentile | ${quantile(micros, 0.95).toFixed(2)} |`,
    `| worst | ${quantile(micros, 1).toFixed(1)} |`,
    '',
  ].join('\n');
}

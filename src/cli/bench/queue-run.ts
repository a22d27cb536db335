import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../errors.js';
import type { Logger } from '../../log/logger.js';
import { DaemonProcess } from '../../sandbox/demo/daemon-process.js';
import { Sandbox } from '../../sandbox/sandbox.js';
import { projectRoot } from '../../setup/paths.mjs';

export interface QueueRunOptions {
  notes: readonly { seconds: number; bytes: Buffer }[];
  log: Logger;
  environment: Readonly<Record<string, string | undefined>>;
  /** Further settings of the daemon. */
  settings: Readonly<Record<string, string>>;
}

export interface QueueTiming {
  wallMs: number;
  engineMs: number;
  /** Before the first note was transcribed, and after the last one. */
  idleMs: number;
  audioMs: number;
  /** All notes' time in the other stages. */
  stageMs: Record<string, number>;
}

const answeredSchema = z.object({
  msg: z.literal('answered'),
  ...{ engineMs: z.number(), audioMs: z.number(), sinceArrivalMs: z.number() },
  ...{ download: z.number(), decode: z.number(), transcribe: z.number(), punctuate: z.number(), reply: z.number() },
});
type Answered = z.infer<typeof answeredSchema> & { atMs: number };

const FRIENDS = ['Anna', 'Boris', 'Clara', 'Denis', 'Emma'];
const START_LIMIT_MS = 60_000;
const RUN_LIMIT_MS = 900_000;

/** Sends all notes at once to a daemon whose engine is loaded, and waits until the last one is answered. */
export async function measureQueue(options: QueueRunOptions, signal: AbortSignal): Promise<QueueTiming> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-queue-'));
  const sandbox = await Sandbox.start({ log: options.log });
  const lines = new EventEmitter<{ line: [string] }>();
  const owner = sandbox.addUser({ firstName: 'Owner', phone: '+10000000001' });
  const friends = FRIENDS.map((firstName) => sandbox.addUser({ firstName }));
  const keyFile = join(folder, 'data-centre.pem');
  await writeFile(keyFile, sandbox.publicKeyPem);
  const { PATH = '', HOME = '', XDG_CACHE_HOME = '', GRAMSCRIBE_THREADS = '0' } = options.environment;
  const daemon = new DaemonProcess({
    main: join(projectRoot, 'dist', 'main.js'),
    folder,
    environment: {
      ...{ PATH, HOME, XDG_CACHE_HOME, GRAMSCRIBE_THREADS, TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0'.repeat(32) },
      ...{ TELEGRAM_SESSION: sandbox.stringSession(owner), TELEGRAM_TEST_DC: sandbox.testDc, TELEGRAM_TEST_DC_KEY: keyFile },
      ...{ GRAMSCRIBE_DATA: join(folder, 'data'), GRAMSCRIBE_HEALTH_PORT: 'off', GRAMSCRIBE_PACE: 'off', LOG_FORMAT: 'json' },
      ...options.settings,
    },
    onLine: (line) => void lines.emit('line', line),
    onEnd: () => undefined,
  });
  const answers = new Answers(lines);
  try {
    const running = untilLine(lines, (line) => line.includes('✅') && line.includes('!'), signal);
    await daemon.start();
    await running;
    for (const to of friends) {
      const tracked = sandbox.send.text({ from: owner, to, text: '.track' });
      await sandbox.waitForMessage(({ key, text }) => key === tracked.key && text !== '.track', {}, signal);
    }
    const send = ({ seconds, bytes }: QueueRunOptions['notes'][number], index: number): void =>
      void sandbox.send.voice({ from: friends[index % friends.length] ?? owner, to: owner, bytes, durationSec: seconds });
    // The model is loaded with the first voice.
    for (const note of options.notes.slice(0, 1)) send(note, 0);
    await answers.until(1, signal);
    const startedAtMs = Date.now();
    options.notes.forEach(send);
    const all = (await answers.until(options.notes.length + 1, signal)).slice(1);
    return timingOf(all, startedAtMs);
  } finally {
    await daemon.stop();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function timingOf(answers: readonly Answered[], startedAtMs: number): QueueTiming {
  const sum = (read: (answer: Answered) => number): number => answers.reduce((all, answer) => all + read(answer), 0);
  const endedAtMs = Math.max(...answers.map(({ atMs }) => atMs));
  const firstBusyMs = Math.min(...answers.map(({ atMs, reply, punctuate, transcribe }) => atMs - reply - punctuate - transcribe));
  const lastBusyMs = Math.max(...answers.map(({ atMs, reply, punctuate }) => atMs - reply - punctuate));
  return {
    wallMs: endedAtMs - startedAtMs,
    engineMs: sum(({ engineMs }) => engineMs),
    idleMs: firstBusyMs - startedAtMs + endedAtMs - lastBusyMs,
    audioMs: sum(({ audioMs }) => audioMs),
    stageMs: { download: sum(({ download }) => download), decoding: sum(({ decode }) => decode), reply: sum(({ reply }) => reply) },
  };
}

/** The daemon's own log of what it answered. */
class Answers {
  private readonly known: Answered[] = [];
  private readonly more = new EventEmitter<{ more: [] }>();

  constructor(lines: EventEmitter<{ line: [string] }>) {
    lines.on('line', (line) => {
      if (!line.includes('"msg":"answered"')) return;
      this.known.push({ ...answeredSchema.parse(JSON.parse(line)), atMs: Date.now() });
      this.more.emit('more');
    });
  }

  async until(count: number, signal: AbortSignal): Promise<readonly Answered[]> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(RUN_LIMIT_MS)]);
    while (this.known.length < count) await once(this.more, 'more', { signal: deadline });
    return this.known;
  }
}

async function untilLine(lines: EventEmitter<{ line: [string] }>, wanted: (line: string) => boolean, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  for (;;) {
    const [line] = (await once(lines, 'line', { signal: deadline }).catch((error: unknown) => {
      throw new AppError('the daemon did not get there within a minute', { cause: error });
    })) as [string];
    if (wanted(line)) return;
  }
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Intake } from '../../src/intake/intake.js';
import { Reconciler } from '../../src/intake/reconciler.js';
import { ServerClock } from '../../src/intake/server-clock.js';
import type { LoadedCursor, UpdateCursor } from '../../src/store/update-state.js';
import { peerKey } from '../../src/telegram/peer.js';
import type { LiveEvent } from '../../src/telegram/update-source.js';
import { voiceJobId } from '../../src/voice/voice-job.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import '../support/fixed-seed.js';
import { silentLog } from '../support/silent-log.js';
import { voiceDoor } from '../support/voice-door.js';
import { TelegramModel } from './support/telegram-model.js';

const never = new AbortController().signal;

/** Redis as it is kept on disk: what was written, in order. A crash takes some of the end away. */
class Journal {
  run = 0;
  refuses = false;
  /** Jobs take their time. */
  isSlow = false;
  /** Voices that a stored cursor had left behind while they were no job. */
  readonly ahead: string[] = [];
  entries: ({ job: string } | { cursor: UpdateCursor })[] = [];

  get jobs(): Set<string> {
    return new Set(this.entries.flatMap((entry) => ('job' in entry ? [entry.job] : [])));
  }

  get cursor(): UpdateCursor | undefined {
    return this.entries.flatMap((entry) => ('cursor' in entry ? [entry.cursor] : [])).at(-1);
  }

  /** The first cursor is never taken away: where there is none, nobody has started yet. */
  lose(count: number): void {
    this.entries = this.entries.slice(0, Math.max(this.entries.length - count, 1));
    this.run += 1;
  }
}

/** One life of the daemon. After its end it writes nothing any more. */
class Life {
  readonly reconciler: Reconciler;
  #connection = new AbortController();
  #isOver = false;

  constructor(
    readonly journal: Journal,
    model: TelegramModel,
    clock: FakeClock,
  ) {
    const serverClock = new ServerClock(clock);
    const written = (entry: Journal['entries'][number]): Promise<void> => {
      if (this.#isOver) return new Promise(() => undefined);
      if (journal.refuses) return Promise.reject(new Error('MISCONF'));
      journal.entries.push(structuredClone(entry));
      return Promise.resolve();
    };
    const door = voiceDoor({
      people: {
        senderIsTracked: () => Promise.resolve(true),
        chatIsTracked: () => Promise.resolve(false),
        optedOut: () => Promise.resolve(false),
      },
      enqueue: async (job) => {
        if (journal.isSlow) await clock.sleep(2500, never);
        await written({ job: voiceJobId(job) });
      },
      serverClock,
      clock,
    });
    const intake = new Intake({
      takeVoice: (message, voice, origin) => door.take(message, voice, origin),
      handleCommand: () => Promise.resolve(),
      onRelief: () => this.reconciler.reload(),
      onIncident: () => undefined,
      serverClock,
      clock,
      log: silentLog(),
      maxHeld: 2,
    });
    this.reconciler = new Reconciler({
      source: model,
      store: {
        load: (): Promise<LoadedCursor> =>
          Promise.resolve({ serverRun: String(journal.run), cursor: journal.cursor && structuredClone(journal.cursor) }),
        save: async (run, cursor) => {
          if (run !== String(journal.run)) return false;
          journal.ahead.push(...missingBehind(cursor, journal, model));
          await written({ cursor });
          return true;
        },
      },
      intake,
      concerns: () => Promise.resolve(true),
      onCaughtUp: () => undefined,
      serverClock,
      clock,
      log: silentLog(),
    });
  }

  connect(): void {
    this.cut();
    this.#connection = new AbortController();
    this.reconciler.onConnected(this.#connection.signal);
  }

  cut(): void {
    this.#connection.abort(new Error('cut'));
  }

  get isConnected(): boolean {
    return !this.#connection.signal.aborted;
  }

  async probe(): Promise<void> {
    // A probe that gets no answer ends the connection.
    if (this.isConnected) await this.reconciler.probe(1000, this.#connection.signal).catch(() => this.cut());
  }

  kill(): void {
    this.#isOver = true;
    this.cut();
  }
}

/** Voices that are no jobs though the cursor has passed them. */
function missingBehind(cursor: UpdateCursor, { jobs }: Journal, { said }: TelegramModel): string[] {
  const passed = said.filter(({ chat, voice, messageId }) => {
    const reached = chat.kind === 'channel' ? (cursor.channels.get(chat.id)?.pts ?? 0) : cursor.common.pts;
    return voice !== undefined && messageId < reached;
  });
  return passed.map(({ chat, messageId }) => `main:${peerKey(chat)}:${messageId}`).filter((id) => !jobs.has(id));
}

const doing = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('say' as const),
      chat: fc.nat(3),
      isVoice: fc.boolean(),
      how: fc.constantFrom('told', 'told', 'lost', 'twice', 'late'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.constantFrom(200, 1100, 5000, 70_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constantFrom('cut', 'connect', 'probe', 'fail', 'restart', 'refuse', 'accept', 'slow', 'fast' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('forget' as const), chat: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('lose' as const), count: fc.integer({ min: 1, max: 6 }), isNoticed: fc.boolean() }) },
);

test('whatever is lost, doubled or late, forgotten, cut, killed or taken from Redis: every voice becomes a job, and no cursor is ahead of the jobs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(doing, { minLength: 5, maxLength: 40 }), async (deeds) => {
      const clock = new FakeClock();
      const model = new TelegramModel(clock);
      const journal = new Journal();
      let life = new Life(journal, model, clock);
      let late: LiveEvent[] = [];
      const tell = (event: LiveEvent): void => {
        if (life.isConnected) life.reconciler.onEvent(event);
      };
      life.connect();
      await settle();
      expect(journal.cursor).toBeDefined();
      for (const deed of deeds) {
        if (deed.what === 'say') {
          const event = model.say(model.chats[deed.chat]!, deed.isVoice);
          if (deed.how === 'late') late.push(event);
          if (deed.how === 'told' || deed.how === 'twice') tell(event);
          if (deed.how === 'twice') tell(event);
        }
        if (deed.what === 'wait') await clock.advance(deed.ms);
        if (deed.what === 'cut') life.cut();
        if (deed.what === 'connect') life.connect();
        if (deed.what === 'probe') await life.probe();
        if (deed.what === 'fail') model.failures += 1;
        if (deed.what === 'refuse') journal.refuses = true;
        if (deed.what === 'accept') journal.refuses = false;
        if (deed.what === 'slow') journal.isSlow = true;
        if (deed.what === 'fast') journal.isSlow = false;
        if (deed.what === 'forget') model.forget(model.chats[deed.chat]!);
        if (deed.what === 'lose') {
          journal.lose(deed.count);
          // The connection to Redis breaks, which is told when it stands again; the next save finds out in any case.
          if (deed.isNoticed) life.reconciler.reload();
        }
        if (deed.what === 'restart') {
          life.kill();
          life = new Life(journal, model, clock);
          life.connect();
        }
        if (deed.what !== 'say') {
          late.reverse().forEach(tell);
          late = [];
        }
        await settle();
      }
      journal.refuses = false;
      journal.isSlow = false;
      model.failures = 0;
      life.connect();
      for (let turn = 0; turn < 6; turn += 1) await clock.advance(70_000);
      await life.probe();
      for (let turn = 0; turn < 6; turn += 1) await clock.advance(70_000);
      expect(journal.ahead).toEqual([]);
      const voices = model.said.filter(({ voice }) => voice !== undefined);
      const missing = voices.filter(({ chat, messageId }) => !journal.jobs.has(`main:${peerKey(chat)}:${messageId}`));
      expect(missing.map(({ chat, messageId }) => `${peerKey(chat)}:${messageId}`)).toEqual([]);
      life.kill();
    }),
    { numRuns: 400 },
  );
});

test('a Redis that loses all there is within its first second is filled again from where everything began', async () => {
  const clock = new FakeClock();
  const model = new TelegramModel(clock);
  const journal = new Journal();
  const life = new Life(journal, model, clock);
  life.connect();
  await settle();
  for (const chat of model.chats) {
    life.reconciler.onEvent(model.say(chat, true));
    await settle();
  }
  expect([...journal.jobs].sort()).toEqual(['main:c1:1', 'main:c2:1', 'main:g7:2', 'main:u5:1']);
  journal.entries = [];
  journal.run += 1;
  life.reconciler.reload();
  for (let turn = 0; turn < 5; turn += 1) await clock.advance(1000);
  expect([...journal.jobs].sort()).toEqual(['main:c1:1', 'main:c2:1', 'main:g7:2', 'main:u5:1']);
  expect(journal.cursor?.common.pts).toBe(3);
  life.kill();
});

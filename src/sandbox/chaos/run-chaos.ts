import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../errors.js';
import type { VoiceNote } from '../demo/voice-note.js';
import type { Arena } from './arena.js';
import { Casebook, longestGap, type Case } from './casebook.js';
import { SPEAKERS, type Aside, type PlannedFault, type PlannedVoice } from './chaos-plan.js';
import { Chronicle, type Happening } from './chronicle.js';
import type { ChaosClips } from './chaos-clips.js';
import { BY_ITSELF } from './daemon-runner.js';
import { drawsOf } from './draw.js';
import { describeFault, groupOf, sceneOf, type Scene } from './fault.js';
import { figuresOf, processesOf } from './process-tree.js';
import { RecoveryWatch, type Recovery } from './recovery.js';
import { strike } from './strike.js';
import type { Verdict } from './verdict.js';

/** What a run has shown. Times are ms. */
export interface ChaosResult {
  seed: number;
  voices: number;
  verdicts: Record<Verdict, number>;
  /** How many faults took hold, by what they were; and how many never found their moment. */
  faults: Record<string, number>;
  missed: number;
  recoveries: Recovery[];
  disturbed: number;
  /** From a voice to its answer. */
  latenciesMs: number[];
  longestGapMs: number;
  /** Ends of the daemon's process by cause. */
  restarts: Record<string, number>;
  rssMaxBytes: number;
  commands: { typed: number; answered: number };
  tookMs: number;
  /** How the daemon ended at last, and how many processes were left over. */
  lastEnd: string;
  leftOver: number;
  offenders: Offender[];
}

/** A voice that was not answered as it should have been, and what happened around it. */
export interface Offender {
  voice: PlannedVoice;
  verdict: Verdict;
  answers: string[];
  sentAtMs: number;
  around: Happening[];
  log: string[];
}

export interface ChaosRunOptions {
  seed: number;
  plan: readonly PlannedVoice[];
  clips: ChaosClips;
  /** In the end the run waits until all is answered, or until nothing has been answered for so long. */
  patienceMs: number;
  /** Who wants to answer twice has so long after the last start to do it. */
  aftermathMs: number;
  onHappening: (happening: Happening) => void;
}

/** More voices than this at once are not sent: what arrives waits for what is answered. */
const MOST_WAITING = 40;
const LOOK_EVERY_MS = 250;
const LAST_START_MS = 30_000;
const BEFORE_MS = 5000;
const AROUND_MS = 60_000;

/** Sends the voices of the plan and breaks what it says; resolves when all is answered, or nothing more can be hoped for. */
export class ChaosRun {
  private readonly chronicle: Chronicle;
  private readonly recovery = new RecoveryWatch(Date.now);
  private readonly casebook: Casebook;
  private readonly turns = new Map<Scene, Promise<void>>();
  private readonly faults: Record<string, number> = {};
  private readonly side: Promise<void>[] = [];
  private readonly commandKeys: number[] = [];
  private missed = 0;
  private rssMaxBytes = 0;
  private lastAnswerAtMs = 0;

  constructor(
    private readonly arena: Arena,
    private readonly options: ChaosRunOptions,
  ) {
    this.chronicle = new Chronicle(options.onHappening);
    this.casebook = new Casebook(arena, () => {
      this.lastAnswerAtMs = Date.now();
      this.recovery.voiceAnswered();
    });
  }

  async run(signal: AbortSignal): Promise<ChaosResult> {
    const startedAtMs = Date.now();
    const stopWatching = this.watch();
    try {
      for (const planned of this.options.plan) await this.send(planned, signal);
      await Promise.all(this.side);
      await this.settle(signal);
      const end = await this.lastRestart(signal);
      const rest = { tookMs: Date.now() - startedAtMs, lastEnd: end, leftOver: (await processesOf(this.arena.folder)).length };
      return { ...(await this.result()), ...rest };
    } finally {
      await Promise.allSettled(this.side);
      stopWatching();
      this.casebook.close();
    }
  }

  private watch(): () => void {
    const { sandbox, daemon, owner } = this.arena;
    const endListening = sandbox.rpcLog.listen(({ outcome, userId, atMs }) => {
      if (userId === owner.id && outcome?.kind === 'answer') this.recovery.requestAnswered(atMs);
    });
    daemon.events.on('up', ({ pid }) => this.chronicle.note(`the daemon runs as ${pid}`));
    daemon.events.on('end', ({ end }) => this.chronicle.note(`the daemon ended: ${end?.how ?? ''} (${end?.cause ?? ''})`));
    const figures = setInterval(() => void this.weigh(), 1000);
    return () => {
      endListening();
      clearInterval(figures);
    };
  }

  private async weigh(): Promise<void> {
    const pid = this.arena.daemon.life?.pid;
    const figures = pid === undefined ? undefined : await figuresOf(pid);
    this.rssMaxBytes = Math.max(this.rssMaxBytes, figures?.rssBytes ?? 0);
  }

  private async send(planned: PlannedVoice, signal: AbortSignal): Promise<void> {
    await sleep(planned.pauseMs, undefined, { signal });
    while (this.casebook.waiting.length >= MOST_WAITING) await sleep(LOOK_EVERY_MS, undefined, { signal });
    const { options } = this;
    const { note, text } = options.clips.get(planned.clipId, planned.kind);
    const message = this.post(planned, note);
    const expected = planned.from === 'denis' ? { kind: 'nothing' as const } : { kind: 'text' as const, words: text };
    const found: Case = { planned, message, expected, sentAtMs: Date.now(), answerKeys: [] };
    this.casebook.add(found);
    this.chronicle.note(`voice ${planned.index} from ${planned.from} in ${planned.place}, data centre ${planned.dc}`);
    if (planned.fault) this.beside(this.break(planned.fault, found, signal));
    if (planned.aside) this.digress(planned.aside, found, signal);
  }

  /** Goes on beside the sending of the voices, and is waited for after it: a failure there is one of the run. */
  private beside(work: Promise<void>): void {
    work.catch(() => undefined);
    this.side.push(work);
  }

  /** What else people do meanwhile. */
  private digress(aside: Aside, found: Case, signal: AbortSignal): void {
    const { sandbox, owner, people, places } = this.arena;
    switch (aside.kind) {
      case 'command':
        this.commandKeys.push(sandbox.send.text({ from: owner, to: places[aside.place], text: aside.text }).key);
        return;
      case 'text': {
        // Denis does not write into the private chats of others.
        const place = SPEAKERS[aside.place].includes('denis') ? aside.place : 'family';
        sandbox.send.text({ from: people.denis, to: places[place], text: 'Well, well.' });
        return;
      }
      default:
        this.beside(this.rethink(aside, found, signal));
    }
  }

  private post({ from, place, kind, dc }: PlannedVoice, { bytes, durationSec, waveform }: VoiceNote) {
    const { sandbox, people, places } = this.arena;
    const bars = kind === 'voice' ? { waveform } : {};
    return sandbox.send.media(kind, { from: people[from], to: places[place], bytes, durationSec, dc, ...bars });
  }

  private async rethink({ kind, afterMs }: { kind: 'edit' | 'delete'; afterMs: number }, found: Case, signal: AbortSignal): Promise<void> {
    const { sandbox } = this.arena;
    await sleep(afterMs, undefined, { signal });
    if (kind === 'edit') sandbox.send.edit(found.message, { text: 'Listen to this!' });
    else {
      sandbox.send.delete(found.message);
      if (found.expected.kind === 'text') found.expected = { kind: 'either' };
    }
    this.chronicle.note(`voice ${found.planned.index}: its sender ${kind === 'edit' ? 'edits the caption' : 'deletes it'}`);
  }

  /** Faults of one scene take turns. */
  private async break({ fault, afterMs, lastsMs, withoutRandomIds }: PlannedFault, { planned, message }: Case, signal: AbortSignal): Promise<void> {
    await sleep(afterMs, undefined, { signal });
    const scene = sceneOf(fault);
    const before = this.turns.get(scene) ?? Promise.resolve();
    const turn = before.then(async () => {
      const name = describeFault(fault);
      // An error that Telegram answers takes nothing down that would be measured coming up.
      const isBreak = scene !== 'telegram';
      const blow = { hasStruck: false };
      const onStruck = () => {
        blow.hasStruck = true;
        if (isBreak) this.recovery.struck();
        if (withoutRandomIds) this.arena.sandbox.faults.forgetRandomIds();
        const details = `${lastsMs > 0 ? `, ${lastsMs} ms` : ''}${withoutRandomIds ? '; Telegram forgets the random ids' : ''}`;
        this.chronicle.note(`FAULT with voice ${planned.index}: ${name}${details}`);
        this.faults[name] = (this.faults[name] ?? 0) + 1;
      };
      const chance = drawsOf(this.options.seed)(`${planned.index} fault chance`);
      await strike({ fault, lastsMs, voice: message, chance, onStruck }, this.arena, signal);
      if (!blow.hasStruck) {
        this.missed += 1;
        return;
      }
      if (isBreak) this.recovery.ended();
      this.recovery.measure(groupOf(fault), name);
    });
    this.turns.set(scene, turn);
    await turn;
  }

  private async settle(signal: AbortSignal): Promise<void> {
    this.arena.sandbox.faults.clear();
    this.chronicle.note('no more faults');
    this.lastAnswerAtMs = Date.now();
    while (this.casebook.waiting.length > 0 && Date.now() - this.lastAnswerAtMs < this.options.patienceMs) {
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
    this.chronicle.note(`${this.casebook.waiting.length} voices wait`);
    this.recovery.finish();
  }

  /** Another start, after which nothing may be answered again; then the end. */
  private async lastRestart(signal: AbortSignal): Promise<string> {
    const { daemon, sandbox, owner } = this.arena;
    const isHeard = sandbox.rpcLog.next('updates.GetState', { timeoutMs: LAST_START_MS, userId: owner.id }, signal).catch((error: unknown) => {
      this.chronicle.note(`after the last start: ${errorText(error)}`);
    });
    await daemon.restart('SIGTERM', { downMs: 0, cause: 'the last start' }, signal);
    await isHeard;
    await sleep(this.options.aftermathMs, undefined, { signal });
    return daemon.stop();
  }

  private async result(): Promise<Omit<ChaosResult, 'tookMs' | 'lastEnd' | 'leftOver'>> {
    const { arena, casebook, options } = this;
    const verdicts: ChaosResult['verdicts'] = { once: 0, lost: 0, twice: 0, wrong: 0, excused: 0 };
    const offenders: Offender[] = [];
    for (const found of casebook.cases) {
      const verdict = casebook.verdictOn(found);
      verdicts[verdict] += 1;
      if (verdict !== 'once' && verdict !== 'excused') offenders.push(await this.accountOf(found, verdict));
    }
    const restarts: Record<string, number> = {};
    for (const { end } of arena.daemon.lives) {
      const cause = end === undefined ? 'none' : end.cause === BY_ITSELF ? `${BY_ITSELF}: ${end.how}` : end.cause;
      restarts[cause] = (restarts[cause] ?? 0) + 1;
    }
    const answered = casebook.cases.filter(({ expected }) => expected.kind === 'text');
    return {
      seed: options.seed,
      voices: casebook.cases.length,
      verdicts,
      faults: this.faults,
      missed: this.missed,
      recoveries: this.recovery.done,
      disturbed: this.recovery.disturbed,
      latenciesMs: answered.flatMap(({ sentAtMs, answeredAtMs }) => (answeredAtMs === undefined ? [] : [answeredAtMs - sentAtMs])),
      longestGapMs: longestGap(casebook.cases, Date.now()),
      restarts,
      rssMaxBytes: this.rssMaxBytes,
      commands: { typed: this.commandKeys.length, answered: this.commandKeys.filter((key) => arena.sandbox.message(key).editedMs !== undefined).length },
      offenders,
    };
  }

  private async accountOf(found: Case, verdict: Verdict): Promise<Offender> {
    const { sentAtMs, planned: voice, answeredAtMs = sentAtMs } = found;
    const around = this.chronicle.between(sentAtMs - BEFORE_MS, Math.min(answeredAtMs + BEFORE_MS, sentAtMs + AROUND_MS) + BEFORE_MS);
    return { voice, verdict, answers: this.casebook.answersTo(found), sentAtMs, around, log: await this.casebook.logOf(found) };
  }
}


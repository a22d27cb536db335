import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../../errors.js';
import { findEngine } from '../../setup/engine-paths.mjs';
import { DETECTOR } from '../../setup/model-catalogue.mjs';
import { enginesDir, modelPath, modelsDir, projectRoot } from '../../setup/paths.mjs';
import { writeSection } from './benchmark-document.js';
import { MODEL_SHAPES, teachPuppet, writePuppetModel } from './puppet-model.js';
import { puppetSentence } from './puppet-text.js';
import type { Contender, Note, Setting } from './speed/contender.js';
import { makeNotes } from './speed/notes.js';
import { installPeer, PeerContender, PEERS, type Peer } from './speed/peers.js';
import { race, windowsIn, type Entry, type Outcome } from './speed/race.js';
import type { SpeedResult, SpeedRow } from './speed/speed-result.js';
import { speedChart } from './speed/speed-chart.js';
import { lengthText, speedSection, threadsText } from './speed/speed-table.js';
import { ThisProgram } from './speed/this-program.js';
import { WhisperCli } from './speed/whisper-cli.js';

export type ShapeName = keyof typeof MODEL_SHAPES;

export interface SpeedBenchOptions {
  shapes: readonly ShapeName[];
  /** Lengths of the notes. */
  seconds: readonly number[];
  /** Few rounds; peers and long notes with all threads only, and peers called off early. */
  quick: boolean;
  /** Into docs/; otherwise it is shown only, and the chart lies among the temporary files. */
  write: boolean;
}

export interface SpeedBenchDependencies {
  cacheDir: string;
  engineDir: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  version: string;
}

const THREADS = [1, 2];
/** The canary lets no model pass that says more than ten words for each second of its longest clip (6.8 s); the longest window has 66. */
const WORDS_A_SECOND = 2.2;
/** Of a long note: as many in its last window, which may be half full, would be faster than anybody speaks, and be heard twice for that. */
const WORDS_A_SECOND_LONG = 1.4;
const WINDOW_SECONDS = 30;
const LONG_SECONDS = 60;
const OWN_DEADLINE_MS = 900_000;

/**
 * Compares this program, whisper-cli and what npm has, all on this machine in one run, and writes a section and a chart a
 * model shape; resolves with the exit status.
 */
export async function benchSpeed(options: SpeedBenchOptions, deps: SpeedBenchDependencies, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-speed-'));
  try {
    const notes = await makeNotes(options.seconds, folder, signal);
    const peers = await installPeers(deps.cacheDir, signal);
    for (const shape of options.shapes) {
      const ground = new Ground(shape, { folder, notes, peers, deps, quick: options.quick });
      await ground.prepare();
      const results: SpeedResult[] = [];
      for (const threads of THREADS.filter((count) => count <= availableParallelism())) results.push(await ground.measure(threads, signal));
      const command = `npm run bench -- speed --model ${shape}${options.quick ? ' --quick' : ''}`;
      const section = speedSection(results, { command, version: deps.version });
      const fastest = results.at(-1);
      const chart = join(options.write ? join(projectRoot, 'docs') : tmpdir(), `speed-${shape}.svg`);
      if (fastest !== undefined) await writeFile(chart, speedChart(fastest));
      if (options.write) await writeSection(`speed-${shape}`, `${section}\n![The same as a picture](speed-${shape}.svg)`);
      console.log(`\n${section}\n${chart}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

type InstalledPeer = Peer & ({ home: string } | { reason: string });

async function installPeers(cacheDir: string, signal: AbortSignal): Promise<InstalledPeer[]> {
  const installed: InstalledPeer[] = [];
  for (const peer of PEERS) {
    console.log(`installing ${peer.name}@${peer.version} where it is not there yet …`);
    installed.push({ ...peer, ...(await installPeer(peer, join(cacheDir, 'bench', 'peers'), signal)) });
  }
  return installed;
}

interface GroundOptions {
  folder: string;
  notes: readonly Note[];
  peers: readonly InstalledPeer[];
  deps: SpeedBenchDependencies;
  quick: boolean;
}

/** Everything that is needed to measure with one shape. */
class Ground {
  private readonly models: string;
  /** Under the name of a real one: nodejs-whisper takes no other. */
  private readonly modelFile: string;
  private readonly ownModelFile: string;
  private readonly ownCache: string;
  private readonly cliPath: string;
  private ownWindows: number | undefined;

  constructor(
    private readonly shape: ShapeName,
    private readonly options: GroundOptions,
  ) {
    const { folder, deps } = options;
    this.models = join(deps.cacheDir, 'bench', 'puppets');
    this.modelFile = join(this.models, `ggml-${shape}.bin`);
    this.ownModelFile = join(this.models, `ggml-own-${shape}.bin`);
    this.ownCache = join(folder, `cache-${shape}`);
    const engine = findEngine(deps.cacheDir, deps.engineDir);
    if (engine === undefined) throw new SetupError('the speech engine is not built', 'npm start');
    this.cliPath = engine.cliPath;
  }

  async prepare(): Promise<void> {
    const { cacheDir } = this.options.deps;
    await mkdir(this.models, { recursive: true });
    if (!existsSync(this.modelFile)) await writePuppetModel({ shape: MODEL_SHAPES[this.shape], file: this.modelFile, like: modelPath(cacheDir, 'nano') });
    if (!existsSync(this.ownModelFile)) await copyFile(this.modelFile, this.ownModelFile);
    await mkdir(modelsDir(this.ownCache), { recursive: true });
    await symlink(enginesDir(cacheDir), enginesDir(this.ownCache));
    await symlink(this.ownModelFile, modelPath(this.ownCache, 'puppet'));
    const silero = [modelPath(cacheDir, DETECTOR.name), join(projectRoot, '..', 'shared', 'speech', `ggml-${DETECTOR.name}.bin`)].find(existsSync);
    if (silero !== undefined) await symlink(silero, modelPath(this.ownCache, DETECTOR.name));
    console.log(`${this.shape}: speech is detected by ${silero === undefined ? 'energy' : 'Silero'}`);
  }

  async measure(threads: number, signal: AbortSignal): Promise<SpeedResult> {
    const rows: SpeedRow[] = [
      { name: 'whisper-cli', isLimit: true, outcomes: [] },
      { name: 'this program', isOurs: true, outcomes: [] },
      { name: 'this program, language auto', outcomes: [] },
      { name: 'whisper-cli, 5 beams (its default)', outcomes: [] },
      ...this.options.peers.map(({ name }) => ({ name, outcomes: [] })),
    ];
    for (const note of this.options.notes) {
      const outcomes = await this.measureNote(note, { threads, before: rows }, signal);
      for (const [index, row] of rows.entries()) row.outcomes.push(outcomes[index]);
    }
    const seconds = this.options.notes.map((note) => note.seconds);
    return { shape: this.shape, threads, seconds, rows: rows.filter((row) => row.outcomes.some((outcome) => outcome !== undefined)) };
  }

  /** One outcome a row: the limit, ours, ours with `auto`, five beams, the peers. */
  private async measureNote(
    note: Note,
    { threads, before }: { threads: number; before: readonly SpeedRow[] },
    signal: AbortSignal,
  ): Promise<(Outcome | undefined)[]> {
    const isSlowest = note.seconds >= LONG_SECONDS && threads < Math.max(...THREADS);
    if (this.options.quick && isSlowest) return [];
    console.log(`${this.shape}, ${threadsText(threads)}, a note of ${lengthText(note.seconds)} …`);
    const { quick, notes } = this.options;
    const warmUp = notes[0] ?? note;
    const isLong = note.seconds >= LONG_SECONDS;
    const sentences = await this.teach(note, threads, signal);
    const setting: Setting = { modelFile: this.modelFile, threads, folder: this.options.folder };
    const rounds = isLong ? (quick ? 1 : 3) : quick ? 3 : 5;
    const [limit, ours] = await this.run(
      [
        { contender: this.whisperCli('whisper-cli', setting, ['-bs', '1']), sentence: sentences.others, rounds, deadlineMs: OWN_DEADLINE_MS },
        { contender: this.thisProgram(setting, 'en'), sentence: sentences.ours, rounds, deadlineMs: OWN_DEADLINE_MS },
      ],
      { note, warmUp },
      signal,
    );
    const isShown = !quick || (threads === Math.max(...THREADS) && !isLong);
    if (!isShown) return [limit, ours];
    const rest = { rounds: quick || isLong ? 1 : 3, deadlineMs: quick ? 20_000 : 120_000 };
    const [auto, beams] = await this.run(
      [
        { contender: this.thisProgram(setting, 'auto'), sentence: sentences.ours, ...rest, deadlineMs: OWN_DEADLINE_MS },
        { contender: this.whisperCli('whisper-cli, 5 beams', setting, []), sentence: sentences.others, ...rest, deadlineMs: OWN_DEADLINE_MS },
      ],
      { note, warmUp },
      signal,
    );
    const peers: Outcome[] = [];
    for (const peer of this.options.peers) {
      const earlier = before.find(({ name }) => name === peer.name)?.outcomes.find((outcome) => outcome?.kind === 'late');
      peers.push(earlier ?? (await this.runPeer(peer, { setting, note, warmUp, sentence: sentences.others, ...rest }, signal)));
    }
    return [limit, ours, auto, beams, ...peers];
  }

  private async runPeer(
    peer: InstalledPeer,
    { setting, note, warmUp, ...entry }: Omit<Entry, 'contender'> & { setting: Setting; note: Note; warmUp: Note },
    signal: AbortSignal,
  ): Promise<Outcome> {
    if ('reason' in peer) return { kind: 'skipped', reason: peer.reason };
    const own = Math.min(4, availableParallelism());
    if (peer.hasFixedThreads && own !== setting.threads) return { kind: 'skipped', reason: `takes ${own} threads here and cannot be told another number` };
    const { environment } = this.options.deps;
    const contender = new PeerContender(peer, { ...setting, home: peer.home, shape: this.shape, environment });
    const [outcome] = await this.run([{ contender, ...entry }], { note, warmUp }, signal);
    return outcome ?? { kind: 'skipped', reason: 'it was not asked' };
  }

  private async run(entries: readonly Entry[], notes: { note: Note; warmUp: Note }, signal: AbortSignal): Promise<Outcome[]> {
    try {
      return await race(entries, notes, signal);
    } finally {
      for (const { contender } of entries) await contender.stop();
    }
  }

  /**
   * Each model says `WORDS_A_SECOND` words for a second of the note, of a long one `WORDS_A_SECOND_LONG`. Where this program cuts a long note into another number of windows
   * than whisper-cli's 30 s, its model says as much less or more in each.
   */
  private async teach(note: Note, threads: number, signal: AbortSignal): Promise<{ ours: string; others: string }> {
    const rate = note.seconds > WINDOW_SECONDS ? WORDS_A_SECOND_LONG : WORDS_A_SECOND;
    const words = Math.round(rate * Math.min(WINDOW_SECONDS, note.seconds));
    const others = puppetSentence(words);
    await teachPuppet(this.modelFile, others);
    let ours = others;
    if (note.seconds > WINDOW_SECONDS) {
      this.ownWindows ??= await this.countWindows(note, threads, signal);
      ours = puppetSentence(Math.round((words * note.seconds) / WINDOW_SECONDS / this.ownWindows));
      console.log(`this program hears it in ${this.ownWindows} windows`);
    }
    await teachPuppet(this.ownModelFile, ours);
    return { ours, others };
  }

  private async countWindows(note: Note, threads: number, signal: AbortSignal): Promise<number> {
    const sentence = puppetSentence(8);
    await teachPuppet(this.ownModelFile, sentence);
    const contender = this.thisProgram({ modelFile: this.ownModelFile, threads, folder: this.options.folder }, 'en');
    try {
      const { text } = await contender.hear(note, OWN_DEADLINE_MS, signal);
      const windows = windowsIn(text, sentence);
      if (windows === undefined) throw new SetupError(`the model said something else: ${text.slice(0, 200)}`, 'npm run bench -- speed');
      return windows;
    } finally {
      await contender.stop();
    }
  }

  private thisProgram(setting: Setting, language: string): Contender {
    const { environment } = this.options.deps;
    return new ThisProgram({ name: 'this program', ...setting, cacheDir: this.ownCache, model: 'puppet', language, environment });
  }

  private whisperCli(name: string, setting: Setting, args: readonly string[]): Contender {
    return new WhisperCli({ name, ...setting, cliPath: this.cliPath, args });
  }
}

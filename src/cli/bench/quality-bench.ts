import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../../errors.js';
import type { Logger } from '../../log/logger.js';
import { findEngine } from '../../setup/engine-paths.mjs';
import { findProgram } from '../../setup/find-program.mjs';
import { BUNDLED_MODEL } from '../../setup/model-catalogue.mjs';
import { modelsDir } from '../../setup/paths.mjs';
import { usableCores } from '../../setup/usable-cores.mjs';
import { EnergyDetector } from '../../speech/energy-detector.js';
import type { Engine } from '../../speech/engine.js';
import { SileroDetector } from '../../speech/silero-detector.js';
import type { SpeechDetector } from '../../speech/speech-detector.js';
import { WhisperServer } from '../../speech/whisper-server.js';
import { writeSection } from './benchmark-document.js';
import { degradations } from './quality/degradations.js';
import { inventedInOwn, inventedInSox, type Invented } from './quality/invented-words.js';
import { longRecording } from './quality/long-recording.js';
import { qualitySection, rate, silenceSection, timesSection, type QualityFigures } from './quality/quality-report.js';
import { spokenClips, type Spoken } from './quality/spoken.js';
import { askedAnew, hearAll, ourWay, plainWay, WINDOW_MS, type Heard, type WayOfHearing } from './quality/way-of-hearing.js';

export interface QualityBenchDependencies {
  log: Logger;
  version: string;
  /** Where engine and models lie (`Config.cacheDir`). */
  cacheDir: string;
  /** Where the Silero model lies. */
  sileroPath: string;
}

/** Degradations by which mechanisms are compared; all of them would take long. */
const HARD = ['white noise, 10 dB below the voice', 'quiet: 30 dB down'];
/** Of the sounds without speech, so many are enough to show what a way without gates invents. */
const INVENTED_STEP = 10;

/** Measures how well speech is heard, what is invented where there is none, and how true times are; writes three sections. */
export async function benchQuality(deps: QualityBenchDependencies, signal: AbortSignal): Promise<number> {
  const paths = findEngine(deps.cacheDir);
  if (paths === undefined) throw new SetupError('whisper.cpp is not built', 'npm start');
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-quality-'));
  const engine = new WhisperServer({
    serverPath: paths.serverPath,
    modelsDir: modelsDir(deps.cacheDir),
    model: BUNDLED_MODEL.name,
    runDir: folder,
    threads: usableCores(),
    idleAfterMs: 600_000,
    log: deps.log,
  });
  try {
    const silero = new SileroDetector({ vadPath: paths.vadPath, vadModelPath: deps.sileroPath, threads: usableCores() });
    const figures = await measure({ engine, silero, energy: new EnergyDetector(), log: deps.log }, signal);
    const sections = { quality: qualitySection(figures, deps.version), silence: silenceSection(figures, deps.version), times: timesSection(figures, deps.version) };
    for (const [name, text] of Object.entries(sections)) {
      await writeSection(name, text);
      console.log(`\n${text}`);
    }
    return 0;
  } finally {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ground {
  engine: Engine;
  silero: SpeechDetector;
  energy: SpeechDetector;
  log: Logger;
}

async function measure({ engine, silero, energy, log }: Ground, signal: AbortSignal): Promise<QualityFigures> {
  const [plain, ours, byEnergy] = [
    plainWay('whisper-server, windows of 15 s', engine, WINDOW_MS),
    ourWay('this program, Silero', { engine, detector: silero, log }),
    ourWay('this program, no Silero', { engine, detector: energy, log }),
  ];
  const clips = await spokenClips(signal);
  const long = (name: string, minutes: number, language: string, seed: number) =>
    longRecording({ name, clips: clips.filter((clip) => clip.language === language), durationMs: minutes * 60_000, pausesMs: [200, 20_000], seed });
  const twoMinutes = [long('2 min', 2, 'ru', 1), long('2 min', 2, 'en', 2)];
  const kinds = new Map<string, Spoken[]>();
  for (const { name, apply } of degradations) kinds.set(name, await inTurn(clips, apply));
  kinds.set('2 minutes, pauses of 0.2 to 20 s (Russian, English)', twoMinutes);
  kinds.set('30 minutes, pauses of 0.2 to 20 s (Russian)', [long('30 min', 30, 'ru', 3)]);
  const rows: QualityFigures['rows'] = [];
  for (const [name, sounds] of kinds) {
    const heard = await inTurn([plain, ours, byEnergy], (way) => hearAll(way, sounds, signal));
    rows.push({ name, heard });
    show(name, heard);
  }
  const hard = HARD.flatMap((name) => kinds.get(name) ?? []);
  const mechanisms: QualityFigures['mechanisms'] = [];
  for (const way of mechanismWays({ engine, silero, energy, log })) {
    const compared = await compare(way, { clean: clips, hard, long: twoMinutes }, signal);
    mechanisms.push({ name: way.name, ...compared });
    show(way.name, [compared.clean, compared.hard, compared.long]);
  }
  return { columns: [plain, ours, byEnergy].map(({ name }) => name), rows, mechanisms, invented: await invented([plain, ours, byEnergy], signal) };
}

/** Everything, then everything but one thing each, then nothing. */
function mechanismWays({ engine, silero: detector, energy, log }: Ground): WayOfHearing[] {
  const deps = { engine, detector, log };
  return [
    ourWay('everything', deps),
    ourWay('detector: by energy instead of Silero', { ...deps, detector: energy }),
    ourWay('without the detector', deps, { detector: false }),
    ourWay('without windows cut at pauses', deps, { windows: false }),
    ourWay('without the fitted context', deps, { fitContext: false }),
    ourWay('without retries', deps, { retry: false }),
    ourWay('without gates', deps, { gates: false, phantoms: false }),
    ourWay('without snapped times', deps, { snapTimes: false }),
    ourWay('language asked anew each time', { ...deps, engine: askedAnew(engine) }),
    plainWay('nothing: windows of 15 s', engine, WINDOW_MS),
    plainWay('nothing: windows of 30 s', engine, 2 * WINDOW_MS),
  ];
}

async function compare(
  way: WayOfHearing,
  { clean, hard, long }: Record<'clean' | 'hard' | 'long', readonly Spoken[]>,
  signal: AbortSignal,
): Promise<Record<'clean' | 'hard' | 'long', Heard> & { invented: Invented }> {
  return {
    clean: await hearAll(way, clean, signal),
    hard: await hearAll(way, hard, signal),
    long: await hearAll(way, long, signal),
    invented: await inventedInOwn(way, INVENTED_STEP, signal),
  };
}

/** All 200 sounds, and the 200 of sox where it is installed; the plain way, which only has to show why, gets a part of them. */
async function invented([plain, ...ours]: readonly WayOfHearing[], signal: AbortSignal): Promise<QualityFigures['invented']> {
  const figures: QualityFigures['invented'] = [];
  if (plain !== undefined) figures.push({ name: plain.name, own: await inventedInOwn(plain, INVENTED_STEP, signal) });
  const soxPath = findProgram(['sox']);
  const sox = soxPath === undefined ? [] : await inventedInSox(ours, soxPath, signal);
  for (const [index, way] of ours.entries()) {
    const bySox = sox[index];
    figures.push({ name: way.name, own: await inventedInOwn(way, 1, signal), ...(bySox !== undefined && { sox: bySox }) });
    show(`no speech: ${way.name}`, []);
  }
  return figures;
}

async function inTurn<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) results.push(await work(value));
  return results;
}

/** How far it is, and what came out: minutes are long. */
function show(done: string, heard: readonly Heard[]): void {
  process.stderr.write(`${[done, ...heard.map(rate)].join(' · ')}\n`);
}

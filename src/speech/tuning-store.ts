import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cpuIdentity } from '../setup/engine-profiles.mjs';
import { usableCores } from '../setup/usable-cores.mjs';

/** How one model runs best on this machine in one build of the engine, as measured. */
export interface Tuning {
  threads: number;
  flashAttention: boolean;
  /** Time of the engine per time of sound, on a voice note of some seconds; smaller is faster. */
  realTimeFactor: number;
  /** See `workOf`: what a full window of the encoder costs. */
  msPerWindow: number;
  measuredAtMs: number;
}

const entryShape = z.object({
  machine: z.string(),
  build: z.string(),
  model: z.string(),
  threads: z.int().min(1),
  flashAttention: z.boolean(),
  realTimeFactor: z.number().positive(),
  msPerWindow: z.number().positive(),
  measuredAtMs: z.number(),
});
type Entry = z.infer<typeof entryShape>;

/** What a measurement calls a build of the engine. */
export function buildName({ version, profile }: { version: string; profile: string }): string {
  return `${version} ${profile}`;
}

/**
 * What this machine is for a measurement: its processor, and how much of it we may have. A limit that was changed makes it
 * another machine, whose measurements are made anew.
 */
export function machineIdentity(): string {
  return createHash('sha256').update(`${cpuIdentity()}\n${usableCores()}`).digest('hex').slice(0, 12);
}

/**
 * What was measured on this machine, by the model's name: in the build `build`, or in whichever was measured last. Empty
 * where there is no file, or none that can be read: it is measured again.
 */
export async function readTunings(cacheDir: string, build?: string): Promise<ReadonlyMap<string, Tuning>> {
  const machine = machineIdentity();
  const found = (await readEntries(cacheDir)).filter((entry) => entry.machine === machine && (build === undefined || entry.build === build));
  return new Map(found.sort((a, b) => a.measuredAtMs - b.measuredAtMs).map(({ model, machine: _, build: __, ...tuning }) => [model, tuning]));
}

/** Keeps `tuning` for this machine; the file is replaced as a whole, so whoever reads it finds the old or the new. */
export async function writeTuning(cacheDir: string, of: { build: string; model: string }, tuning: Tuning): Promise<void> {
  const machine = machineIdentity();
  const others = (await readEntries(cacheDir)).filter(
    (entry) => entry.machine !== machine || entry.build !== of.build || entry.model !== of.model,
  );
  const file = tuningFile(cacheDir);
  const fresh = `${file}.${process.pid}.new`;
  await mkdir(dirname(file), { recursive: true });
  const entries: Entry[] = [...others, { machine, build: of.build, model: of.model, ...tuning }];
  await writeFile(fresh, `${JSON.stringify({ tunings: entries }, null, 1)}\n`);
  await rename(fresh, file);
}

function tuningFile(cacheDir: string): string {
  return join(cacheDir, 'tuning.json');
}

async function readEntries(cacheDir: string): Promise<Entry[]> {
  // Another user's file, or a bad disk, must not keep a voice from being heard.
  const text = await readFile(tuningFile(cacheDir), 'utf8').catch(() => '');
  const parsed = z.object({ tunings: z.array(z.unknown()) }).safeParse(jsonOf(text));
  if (!parsed.success) return [];
  return parsed.data.tunings.flatMap((entry) => entryShape.safeParse(entry).data ?? []);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

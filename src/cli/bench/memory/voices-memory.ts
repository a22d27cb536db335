import { once } from 'node:events';
import { ChaosClips } from '../../../sandbox/chaos/chaos-clips.js';
import { slope } from '../../../sandbox/chaos/slope.js';
import { madeBy } from '../benchmark-document.js';
import type { ChaosDependencies } from '../../chaos.js';
import { memoryOf, onDaemonGround, type Ground } from './daemon-ground.js';

export interface VoicesMemory {
  /** `[voices answered, resident bytes]`, in order. */
  samples: [number, number][];
  peakBytes: number;
  /** After the first 100, by the straight line that fits best. */
  bytesPerVoice: number;
  /** Of the last half: by then what is kept of so many voices and no more (log lines, texts that were written) is full. */
  lateBytesPerVoice: number;
}

/** Short ones: what is held of a voice does not depend on how much is said. */
const CLIP = '06-en';
const IN_FLIGHT = 6;
const SAMPLE_EVERY = 10;
const WARM_UP_VOICES = 100;
const STALLED_MS = 60_000;

/** The daemon's memory over so many short voices, each written down and answered. */
export function measureVoicesMemory(voices: number, deps: ChaosDependencies, signal: AbortSignal): Promise<VoicesMemory> {
  return onDaemonGround(deps, (ground) => speak(voices, ground, signal), signal);
}

async function speak(voices: number, ground: Ground, signal: AbortSignal): Promise<VoicesMemory> {
  const { sandbox, daemon, people, places, folder, pid } = ground;
  const clips = await ChaosClips.open(folder);
  await clips.prepare([{ clipId: CLIP, kind: 'voice' }], signal);
  const { note } = clips.get(CLIP, 'voice');
  const chats = [
    { from: people.anna, to: places.anna },
    { from: people.boris, to: places.boris },
    { from: people.anna, to: places.group },
    { from: people.boris, to: places.family },
    { from: people.clara, to: places.work },
  ] as const;
  const samples: [number, number][] = [];
  let answered = 0;
  const count = (line: string): void => {
    if (line.includes('"msg":"answered"')) answered += 1;
  };
  daemon.events.on('line', count);
  try {
    for (let sent = 0; answered < voices; ) {
      for (; sent < Math.min(voices, answered + IN_FLIGHT); sent += 1) {
        const chat = chats[sent % chats.length];
        if (chat !== undefined) sandbox.send.voice({ ...note, ...chat, dc: sent % 3 === 0 ? 4 : 2 });
      }
      await once(daemon.events, 'line', { signal: AbortSignal.any([signal, AbortSignal.timeout(STALLED_MS)]) });
      if (answered >= (samples.at(-1)?.[0] ?? -SAMPLE_EVERY) + SAMPLE_EVERY) samples.push([answered, (await memoryOf(pid)).residentBytes]);
    }
  } finally {
    daemon.events.off('line', count);
  }
  const { residentBytes, peakBytes } = await memoryOf(pid);
  samples.push([answered, residentBytes]);
  const growthFrom = (first: number): number => slope(samples.filter(([at]) => at >= first).map(([x, y]) => ({ x, y })));
  return { samples, peakBytes, bytesPerVoice: growthFrom(WARM_UP_VOICES), lateBytesPerVoice: growthFrom(voices / 2) };
}

export function renderVoicesMemory({ samples, peakBytes, bytesPerVoice, lateBytesPerVoice }: VoicesMemory, version: string): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const voices = samples.at(-1)?.[0] ?? 0;
  const shown = [1, WARM_UP_VOICES, voices / 4, voices / 2, voices].map((wanted) => samples.find(([at]) => at >= wanted) ?? ([NaN, NaN] as const));
  return [
    '## Memory of the daemon over many voices',
    '',
    madeBy(`npm run bench -- memory --voices ${voices}`, version),
    '',
    `The real daemon, a child process, against the sandbox: ${voices} voices of 1.7 s in five chats, each written down by the engine and answered, as fast as it ` +
      'goes. Resident memory (VmRSS) of the daemon’s process, without the engine and Redis, which are processes of their own.',
    '',
    '| after | resident, MB |',
    '| ---: | ---: |',
    ...shown.map(([at, bytes]) => `| ${at} voices | ${megabytes(bytes)} |`),
    `| at its most | ${megabytes(peakBytes)} |`,
    '',
    `Growth after the first ${WARM_UP_VOICES}: ${(bytesPerVoice / 1000).toFixed(2)} kB a voice, of the last ${voices / 2}: ${(lateBytesPerVoice / 1000).toFixed(2)} kB (least squares over ${samples.length} samples).`,
    '',
  ].join('\n');
}

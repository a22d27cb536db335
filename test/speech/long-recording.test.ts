import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { toLittleEndian } from '../../src/media/pcm-file.js';
import { bundledClips, testFolder } from '../support/workspace.js';
import { pcmOf } from './sounds.js';

const run = promisify(execFile);
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const HOUR_BYTES = 3600 * 16_000 * 2;
const BYTES = 2 * HOUR_BYTES;
const EVERY_BYTES = HOUR_BYTES / 60;

/** What the detector and the plan need beyond what the process had, in a process of its own. */
const script = `
  const [dist, path, sampleCount] = process.argv.slice(1);
  const { EnergyDetector } = await import(dist + 'speech/energy-detector.js');
  const { planRecognition } = await import(dist + 'speech/recognition-plan.js');
  const before = process.memoryUsage().rss;
  const recording = { path, sampleCount: Number(sampleCount) };
  const plan = await planRecognition(recording, new EnergyDetector(), { maxWindowMs: 30_000 }, new AbortController().signal);
  const growth = process.resourceUsage().maxRSS * 1024 - before;
  console.log(JSON.stringify({ growth, spans: plan.spans.length, windows: plan.windows.length, lastMs: plan.windows.at(-1).at(-1).endMs }));
`;

it('finds the speech of two hours and plans its windows without having it in memory', async () => {
  const [clip] = await bundledClips();
  const speech = toLittleEndian((await pcmOf(clip!.path)).samples);
  const path = join(await testFolder(), 'hour.pcm');
  const file = await open(path, 'w');
  try {
    await file.truncate(BYTES);
    for (let at = 0; at < BYTES; at += EVERY_BYTES) await file.write(speech, 0, speech.length, at);
  } finally {
    await file.close();
  }
  const args = ['--input-type=module', '-e', script, '--', dist, path, String(BYTES / 2)];
  const { growth, spans, windows, lastMs } = JSON.parse((await run(process.execPath, args)).stdout) as Record<string, number>;
  expect(spans).toBeGreaterThanOrEqual(120);
  expect(windows).toBeGreaterThan(5);
  expect(lastMs).toBeGreaterThan(119 * 60_000);
  // Two hours are 230 MB; what is read and let go is not taken away at once.
  expect(growth! / 1e6).toBeLessThan(115);
});

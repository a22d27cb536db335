import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chaosTable, hasFailed, offenderAccount } from '../../src/cli/chaos-report.js';
import { openArena, removeFolder } from '../../src/sandbox/chaos/arena.js';
import { ChaosClips } from '../../src/sandbox/chaos/chaos-clips.js';
import { chaosPlan } from '../../src/sandbox/chaos/chaos-plan.js';
import { ChaosRun } from '../../src/sandbox/chaos/run-chaos.js';
import { ServiceGroup } from '../../src/supervisor/service-group.js';
import { silentLog } from '../support/silent-log.js';

/**
 * Its voices meet a Redis that loses its last second and one that is ended, a flood wait, connections that are cut at an answer
 * that Telegram took and in a download, a half-open one, and a kill -9 at an answer that Telegram took.
 */
const SEED = 856;
const VOICES = 12;

test(`a short run of chaos (seed ${SEED}): no voice is lost, none is answered twice, nothing is left over`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-chaos-'));
  const services = new ServiceGroup({ log: silentLog(), stopDeadlineMs: 15_000 });
  onTestFinished(async () => {
    await services.stop();
    await removeFolder(folder);
  });
  const { signal } = new AbortController();
  const clips = await ChaosClips.open(folder);
  const plan = chaosPlan({ seed: SEED, voices: VOICES, clipIds: clips.ids, longClipIds: [] });
  await clips.prepare(plan, signal);
  const main = join(import.meta.dirname, '../../dist/main.js');
  const arena = await openArena({ folder, main, settings: { GRAMSCRIBE_PACE: 'off' }, environment: process.env, log: silentLog() }, (service) => services.start(service, signal), signal);
  const result = await new ChaosRun(arena, { seed: SEED, plan, clips, patienceMs: 90_000, aftermathMs: 3000, onHappening: () => undefined }).run(signal);
  const account = [...result.offenders.map(offenderAccount), chaosTable(result)].join('\n');
  expect(hasFailed(result), account).toBe(false);
  expect(result.verdicts.once + result.verdicts.excused, account).toBe(VOICES);
  // What the seed says did happen.
  expect(Object.keys(result.faults), account).toEqual(expect.arrayContaining(['Redis loses its last second', 'connections half-open']));
  expect(Object.values(result.restarts).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2);
});

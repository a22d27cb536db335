import { expect, test } from 'vitest';
import { causeOfEnd } from '../../src/speech/engine-end.js';
import { ExpectedTime, workOf } from '../../src/speech/expected-time.js';
import { freeMemoryBytes } from '../../src/speech/free-memory.js';
import { MemoryWatch } from '../../src/speech/memory-watch.js';
import { outOfMemoryKills } from '../../src/speech/out-of-memory-kills.js';
import { QuietWork } from '../../src/speech/quiet-work.js';
import { RecentSpeed } from '../../src/speech/recent-speed.js';
import { threadCounts, tuneModel, type Tried } from '../../src/speech/tune-model.js';
import { requireEngine, silent, testModels } from '../support/engine.js';
import { testFolder } from '../support/workspace.js';

const MIB = 2 ** 20;

function sound(seconds: number, more: object = {}) {
  return { pcm: { samples: new Int16Array(seconds * 16_000) }, language: 'ru', ...more };
}

test('a request is expected to take what its context, its passes of the encoder and its length ask for', () => {
  expect(workOf(sound(3))).toBeLessThan(0.35);
  expect(workOf(sound(30))).toBeCloseTo(1.7);
  expect(workOf(sound(3, { thorough: true }))).toBeGreaterThan(1);
  expect(workOf(sound(30, { language: 'auto' }))).toBeCloseTo(2.7);
});

test('a hang is a multiple of the expected time, which follows what is seen, but never less than the floor', () => {
  const expected = new ExpectedTime({ patience: 10, leastLimitMs: 1000 });
  expect(expected.limitMs(sound(30))).toBe(1000 + 20 * 30_000);
  expected.begin('base', 2000);
  expect(expected.limitMs(sound(30))).toBe(34_000);
  expect(expected.limitMs(sound(0.1))).toBeGreaterThanOrEqual(1000);
  for (let count = 0; count < 50; count += 1) expected.answered(sound(30), 17_000);
  expect(expected.expectedMs(sound(30))).toBeCloseTo(17_000, -2);
  expected.begin('base', 2000);
  expect(expected.expectedMs(sound(30))).toBeCloseTo(17_000, -2);
  expected.begin('small', undefined);
  expect(expected.expectedMs(sound(30))).toBeUndefined();
});

test('each hang doubles the patience until there is an answer: a machine that only became slow gets there', () => {
  const expected = new ExpectedTime({ patience: 10, leastLimitMs: 1000 });
  expected.begin('base', 1000);
  const before = expected.limitMs(sound(30));
  expected.timedOut();
  expected.timedOut();
  expect(expected.limitMs(sound(30))).toBe(4 * before);
  expected.answered(sound(30), 1700);
  expect(expected.limitMs(sound(30))).toBe(before);
});

test('growth beyond the allowance is told, buffers of an honest first window are not', () => {
  const watch = new MemoryWatch();
  expect(watch.growthTooLarge(400 * MIB)).toBeUndefined();
  expect(watch.growthTooLarge(600 * MIB)).toBeUndefined();
  expect(watch.growthTooLarge(700 * MIB)).toBe(300 * MIB);
  const large = new MemoryWatch();
  expect(large.growthTooLarge(4000 * MIB)).toBeUndefined();
  expect(large.growthTooLarge(5900 * MIB)).toBeUndefined();
});

test('an end is told by its signal, also where a shell stands between, and by the counter of the kernel', () => {
  expect(causeOfEnd({ code: null, killedBy: 'SIGILL', outOfMemory: false })).toBe('illegal-instruction');
  expect(causeOfEnd({ code: 132, killedBy: null, outOfMemory: false })).toBe('illegal-instruction');
  expect(causeOfEnd({ code: null, killedBy: 'SIGKILL', outOfMemory: true })).toBe('out-of-memory');
  expect(causeOfEnd({ code: null, killedBy: 'SIGKILL', outOfMemory: false })).toBe('killed');
  expect(causeOfEnd({ code: null, killedBy: 'SIGSEGV', outOfMemory: true })).toBe('crash');
});

/** A machine whose files are these. */
function machine(files: Record<string, string>) {
  return (path: string): string | undefined => files[path];
}

test('kills for want of memory are read from both versions of cgroups, and are 0 where nobody counts', () => {
  expect(outOfMemoryKills(machine({ '/sys/fs/cgroup/memory.events': 'low 0\noom 3\noom_kill 2\n' }))).toBe(2);
  const nested = { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/memory.events': 'oom_kill 5\n', '/sys/fs/cgroup/a/b/memory.events': 'oom_kill 1\n' };
  expect(outOfMemoryKills(machine(nested))).toBe(5);
  expect(outOfMemoryKills(machine({ '/sys/fs/cgroup/memory/memory.oom_control': 'under_oom 0\noom_kill 4\n' }))).toBe(4);
  expect(outOfMemoryKills(machine({}))).toBe(0);
});

test('free memory is that of the machine, or what a cgroup leaves, kept files not counted', () => {
  expect(freeMemoryBytes({ free: 900, readText: machine({}) })).toBe(900);
  const limited = { '/sys/fs/cgroup/memory.max': '1000\n', '/sys/fs/cgroup/memory.current': '800\n', '/sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 300\n' };
  expect(freeMemoryBytes({ free: 900, readText: machine(limited) })).toBe(500);
  expect(freeMemoryBytes({ free: 400, readText: machine(limited) })).toBe(400);
  expect(freeMemoryBytes({ free: 900, readText: machine({ ...limited, '/sys/fs/cgroup/memory.max': 'max\n' }) })).toBe(900);
});

test('the speed shown is that of the last requests', () => {
  const speed = new RecentSpeed();
  expect(speed.realTimeFactor).toBeUndefined();
  speed.add(10_000, 1000);
  expect(speed.realTimeFactor).toBeCloseTo(0.1);
  for (let count = 0; count < 100; count += 1) speed.add(10_000, 5000);
  expect(speed.realTimeFactor).toBeCloseTo(0.5, 1);
});

test('every number of threads up to the cores is tried, with steps where there are many, and never more', () => {
  expect(threadCounts(1)).toEqual([1]);
  expect(threadCounts(4)).toEqual([4, 3, 2, 1]);
  const many = threadCounts(64);
  expect(many[0]).toBe(64);
  expect(many).toEqual([...many].sort((a, b) => b - a));
  expect(many.slice(-8)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  expect(many.length).toBeLessThan(18);
});

test('a model is measured in every way, the quickest is kept, or all cores where that makes no difference', async (ctx) => {
  const { serverPath, version, profile } = requireEngine(ctx);
  const tried: Tried[] = [];
  const options = { program: { serverPath, version, profile }, modelPath: `${testModels}/ggml-nano.bin`, runDir: await testFolder(), cores: 2, onTried: (way: Tried) => tried.push(way), nowMs: () => 5, log: silent };
  const tuning = await tuneModel(options, new AbortController().signal);
  expect(tried.map(({ threads, flashAttention }) => `${threads} ${flashAttention}`)).toEqual(['2 true', '1 true', expect.stringMatching(/^[12] false$/)]);
  const quickest = Math.min(...tried.flatMap(({ tookMs }) => tookMs ?? []));
  const kept = tried.find((way) => way.threads === tuning.threads && way.flashAttention === tuning.flashAttention);
  expect(kept?.tookMs).toBeLessThanOrEqual(quickest / 0.9 ** 2);
  expect(tuning.realTimeFactor).toBeGreaterThan(0);
  expect(tuning.measuredAtMs).toBe(5);
});

test('work that had to give way waits for a longer quiet each time, until there is something new to do', async () => {
  const waits: { afterMs: number; run: () => void }[] = [];
  const work = (signal: AbortSignal): Promise<boolean> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const schedule = (run: () => void, afterMs: number): (() => void) => {
    waits.push({ afterMs, run });
    return () => undefined;
  };
  const quietWork = new QuietWork({ afterMs: 1000, work, schedule, log: silent });
  for (let count = 0; count < 12; count += 1) {
    quietWork.quiet();
    waits.at(-1)!.run();
    await quietWork.giveWay();
  }
  expect(waits.map(({ afterMs }) => afterMs / 1000).slice(0, 4)).toEqual([1, 2, 4, 8]);
  expect(waits.at(-1)!.afterMs).toBe(256_000);
  quietWork.again();
  quietWork.quiet();
  expect(waits.at(-1)!.afterMs).toBe(1000);
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dropJobs, listJobs, retryJobs, showJob, type JobsDependencies } from '../../src/cli/jobs.js';
import { jobsCommand } from '../../src/cli/jobs-command.js';
import { withRedis } from '../../src/cli/with-redis.js';
import type { Config } from '../../src/config/load-config.js';
import { textsFor } from '../../src/i18n/texts.js';
import { VoiceQueue } from '../../src/queue/voice-queue.js';
import { DeadLetters } from '../../src/store/dead-letters.js';
import { deadLetterOf } from '../../src/voice/dead-letter.js';
import { voiceJob } from '../support/messages.js';
import { silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { signal } = new AbortController();
const texts = textsFor('en');

/** A data folder whose daemon is stopped, with two failed voices and one that waits. */
async function stoppedDaemon() {
  const dataDir = join(await temporaryFolder(), 'data');
  mkdirSync(dataDir);
  const config = { dataDir, redisUrl: undefined } as unknown as Config;
  await withRedis(
    { config, log: silentLog() },
    async (redis) => {
      const [queue, letters] = [new VoiceQueue(redis, silentLog()), new DeadLetters(redis)];
      const about = { told: true, atMs: Date.UTC(2026, 10, 21) };
      await letters.add(deadLetterOf(voiceJob({ messageId: 1, failureCause: 'LOCATION_INVALID', failedTries: 2 }), 'download', about));
      await letters.add(deadLetterOf(voiceJob({ messageId: 2, failureCause: 'no sound' }), 'no-audio', { ...about, atMs: about.atMs + 1 }));
      await queue.add(voiceJob({ messageId: 3 }));
      await queue.close();
    },
    signal,
  );
  const run = async (work: (jobs: JobsDependencies) => Promise<number>): Promise<{ status: number; lines: string[] }> => {
    const lines: string[] = [];
    const print = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    try {
      return { status: await jobsCommand({ config, texts, log: silentLog() }, work, signal), lines };
    } finally {
      print.mockRestore();
    }
  };
  return { run };
}

test('while the daemon is stopped, its jobs are listed as a table, shown, retried and dropped', async () => {
  const { run } = await stoppedDaemon();
  const { status, lines } = await run((jobs) => listJobs(jobs));
  expect(status).toBe(0);
  const columns = lines.map((line) => line.trim().split(/ {2,}/));
  expect(columns).toContainEqual(['main:u5:1', expect.stringMatching(/^2026-11-2\d \d\d:\d\d$/), 'download', '2', 'LOCATION_INVALID']);
  expect(columns).toContainEqual(['main:u5:3', 'waiting']);
  expect(lines).toContain(texts.jobs.queue(1, 0, 0));

  const shown = await run((jobs) => showJob('main:u5:1', jobs));
  expect(shown.lines.join('\n')).toMatch(/state +failed[^]*LOCATION_INVALID[^]*voice, 3 s/);
  expect(await run((jobs) => retryJobs(['main:u5:1'], jobs))).toEqual({ status: 0, lines: [texts.jobs.retried('main:u5:1')] });
  expect(await run((jobs) => dropJobs(['all', 'main:u5:3'], jobs))).toEqual({ status: 0, lines: [texts.jobs.dropped('main:u5:2')] });
  expect(await run((jobs) => dropJobs(['main:u5:3'], jobs))).toEqual({ status: 0, lines: [texts.jobs.dropped('main:u5:3')] });
  const left = await run((jobs) => listJobs(jobs, { json: true }));
  expect(left.lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ id: 'main:u5:1', state: 'waiting' }]);
});

test('what is not there is said, with exit status 1', async () => {
  const { run } = await stoppedDaemon();
  for (const work of [showJob.bind(undefined, 'x:1'), retryJobs.bind(undefined, ['x:1']), dropJobs.bind(undefined, ['x:1'])]) {
    const { status, lines } = await run((jobs) => work(jobs));
    expect([status, lines[0]?.includes('x:1')]).toEqual([1, true]);
  }
});

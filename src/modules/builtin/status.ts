import type { Command } from '../command.js';

/** The state of the daemon, gathered at the time of the call. */
export interface Status {
  uptimeMs: number;
  memoryBytes: number;
  model: string;
  engineRunning: boolean;
  threads: number;
  trackedUsers: number;
  queue: { waiting: number; active: number; delayed: number };
  outcomes: { text: number; 'no-speech': number; failed: number };
  reconnects: number;
  /** The name of the proxy in use; undefined where there is none. */
  proxy?: string | undefined;
  version: string;
}

export function statusCommand(gather: (accountId: string) => Promise<Status>): Command {
  return {
    name: 'status',
    usage: '',
    describe: (texts) => texts.status.about,
    run: async ({ message }, texts) => {
      const status = await gather(message.accountId);
      const { outcomes, queue } = status;
      return [
        texts.status.title(status.version),
        texts.status.uptime(readableDuration(status.uptimeMs, texts.status.units)),
        texts.status.model(status.model, status.engineRunning),
        texts.status.threads(status.threads),
        texts.status.tracked(status.trackedUsers),
        texts.status.queue(queue.waiting, queue.active, queue.delayed),
        texts.status.outcomes(outcomes.text, outcomes['no-speech'], outcomes.failed),
        texts.status.reconnects(status.reconnects),
        ...(status.proxy === undefined ? [] : [texts.status.proxy(status.proxy)]),
        texts.status.memory(Math.round(status.memoryBytes / 1024 ** 2)),
      ].join('\n');
    },
  };
}

/** The two largest units: `3 d 4 h`, `5 min 10 s`. */
export function readableDuration(ms: number, units: readonly [string, string, string, string]): string {
  const seconds = Math.floor(ms / 1000);
  const amounts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = Math.max(0, Math.min(amounts.findIndex((amount) => amount > 0), 3));
  const from = amounts.some((amount) => amount > 0) ? first : 3;
  return amounts
    .slice(from, from + 2)
    .map((amount, index) => `${amount} ${units[from + index] ?? ''}`)
    .join(' ');
}

import { execFile } from 'node:child_process';

/** How a program answered; `status` is undefined where there is no such program or a signal ended it. */
export interface ToolAnswer {
  status: number | undefined;
  /** Both streams. */
  output: string;
}

const DEADLINE_MS = 15_000;

/** Runs a program of the system to its end, without a shell. Rejects only with the signal's reason. */
export function runTool(program: string, args: readonly string[], signal: AbortSignal): Promise<ToolAnswer> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: DEADLINE_MS, signal, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ status: statusOf(error), output: stdout + stderr });
    });
  });
}

function statusOf(error: { code?: unknown } | null): number | undefined {
  if (error === null) return 0;
  return typeof error.code === 'number' ? error.code : undefined;
}

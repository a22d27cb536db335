#!/usr/bin/env node
import './lean-heap.js';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { z } from 'zod';
import { EXIT_CONFIG, EXIT_FAILURE } from './cli/exit-status.js';
import { buildCli } from './cli/build-cli.js';
import { loadConfig, processEnvironment } from './config/load-config.js';
import { ConfigError, errorText, SetupError, StopRequested } from './errors.js';
import { textsFor } from './i18n/texts.js';
import { createLogger } from './log/create-logger.js';
import { LogLines } from './log/log-lines.js';
import type { Logger } from './log/logger.js';

/** docker stop gives 10 s by default; what is not stopped by then is cut off by us, with a status that says so. */
const STOP_DEADLINE_MS = 9500;
const SAME_SIGNAL_MS = 1000;

const packageSchema = z.object({ version: z.string(), engines: z.object({ node: z.string() }) });

/**
 * A first signal (SIGHUP: the terminal was closed) aborts everything that waits, a second one or the deadline ends the
 * process there and then. The same signal again within a moment is the first one: npm hands the terminal's Ctrl-C on to a
 * process that has had it already.
 */
function stopOnSignals(stop: AbortController, secondSignal: string): void {
  const firstAtMs = new Map<NodeJS.Signals, number>();
  const onSignal = (name: NodeJS.Signals): void => {
    const sinceFirstMs = performance.now() - (firstAtMs.get(name) ?? -Infinity);
    if (sinceFirstMs < SAME_SIGNAL_MS) return;
    if (stop.signal.aborted) {
      console.error(secondSignal);
      process.exit(EXIT_FAILURE);
    }
    firstAtMs.set(name, performance.now());
    setTimeout(() => process.exit(EXIT_FAILURE), STOP_DEADLINE_MS).unref();
    stop.abort(new StopRequested(name));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => onSignal(name));
}

/** A program in a state that nobody foresaw says so and leaves; whoever started it starts it anew. */
function leaveOnUnforeseen(log: Logger): void {
  const leave = (error: unknown): void => {
    log.fatal({ err: error }, `an error that nobody foresaw; leaving with status 1, to be started anew: ${errorText(error)}`);
    process.exit(EXIT_FAILURE);
  };
  process.on('uncaughtException', leave);
  process.on('unhandledRejection', leave);
}

/** Entry: the only reader of the arguments, the only place that exits. */
async function main(): Promise<number> {
  const { version, engines } = packageSchema.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
  const config = loadConfig();
  const texts = textsFor(config.language);
  const lines = new LogLines();
  const log = createLogger({ level: config.logLevel, format: config.logFormat, stream: process.stdout, lines });
  const stop = new AbortController();
  stopOnSignals(stop, texts.lifecycle.secondSignal);
  leaveOnUnforeseen(log);
  let status = 0;
  const program = buildCli({
    config,
    texts,
    log,
    lines,
    version,
    nodeWanted: engines.node.replace(/[^\d.]/g, ''),
    signal: stop.signal,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    environment: processEnvironment(),
    setStatus: (value) => {
      status = value;
    },
  });
  await program.exitOverride().parseAsync(process.argv);
  return status;
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof StopRequested) return 128 + constants.signals[error.signalName];
  if (error instanceof ConfigError || error instanceof SetupError) {
    console.error(error.message);
    if (error instanceof SetupError && !error.message.includes(error.remedy)) console.error(error.remedy);
    return EXIT_CONFIG;
  }
  // Message, stack and causes; never the properties, in which libraries keep whole requests.
  console.error(error instanceof Error ? `${errorText(error)}\n${error.stack ?? ''}` : 'unknown error');
  return EXIT_FAILURE;
}

process.exit(await main().catch(explain));

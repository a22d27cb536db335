import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, StopRequested } from '../errors.js';
import { textsFor, type Language, type Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { startDemoSession, type DemoSession } from '../sandbox/demo/demo-session.js';
import { BUNDLED_MODEL, DEFAULT_MODEL, SPEECH_MODELS } from '../setup/model-catalogue.mjs';
import { modelsDir } from '../setup/paths.mjs';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { ServiceGroup } from '../supervisor/service-group.js';
import { EXIT_FAILURE } from './exit-status.js';
import { openBrowser } from './open-browser.js';

export interface DemoOptions {
  /** Of the chat page; a free one without it. */
  port?: number;
  /** Show the page in this machine's browser. */
  open: boolean;
  language: Language;
  /** The model to use; without it a real one that is here, else the bundled one. */
  model?: string;
}

export interface DemoDependencies {
  log: Logger;
  /** Where engine and models lie (`Config.cacheDir`). */
  cacheDir: string;
  environment: Readonly<Record<string, string | undefined>>;
}

type TerminalTexts = Texts['demo']['terminal'];

const STOP_DEADLINE_MS = 8000;
const SHOWN_LINES = 15;

/**
 * The whole program with no account and no internet: a sandbox Telegram, the real daemon in a process of its own, and a
 * chat page on loopback. Resolves after `signal`, when all of it has stopped and its folder is gone, with the exit
 * status: 0, or 1 where the daemon ended by itself or something did not end cleanly.
 * @throws SetupError where the model is not here or the port is taken.
 */
export async function demo(options: DemoOptions, deps: DemoDependencies, stop: AbortSignal): Promise<number> {
  const signal = orHangup(stop);
  const texts = textsFor(options.language).demo.terminal;
  const model = await chooseModel(options.model, deps.cacheDir, textsFor(options.language));
  const services = new ServiceGroup({ log: deps.log, stopDeadlineMs: STOP_DEADLINE_MS });
  let status = 0;
  console.log(texts.starting);
  try {
    const folder = await mkdtemp(join(tmpdir(), 'gramscribe-demo-'));
    const settings = { ...deps, language: options.language, port: options.port ?? 0, model, folder };
    const session = await startDemoSession(settings, (service) => services.start(service, signal), signal);
    status = await attend(session, { ...options, model }, signal);
  } catch (error) {
    if (!signal.aborted) throw explained(error, options.port, texts);
  } finally {
    console.log(texts.stopping);
    if (!(await services.stop())) status = EXIT_FAILURE;
    console.log(texts.stopped);
  }
  return status;
}

/** Says where the page is, when it is worth looking at, and stays until the viewer or the daemon has had enough. */
async function attend(session: DemoSession, options: DemoOptions & { model: string }, signal: AbortSignal): Promise<number> {
  const texts = textsFor(options.language).demo.terminal;
  const { address, daemonEnded, daemonLog } = session;
  const aborted = untilAborted(signal);
  const isReady = session.ready.then(() => 'ready' as const);
  const first = await Promise.race([isReady, daemonEnded, aborted]);
  if (first === 'ready') {
    console.log(texts.model(options.model));
    if (options.model === BUNDLED_MODEL.name) console.log(texts.bundledModel);
    console.log(`\n  ${texts.ready(address)}\n`);
    console.log(texts.leave);
    if (options.open && !(await openBrowser(address))) console.log(texts.cannotOpen);
  }
  const how = first === 'ready' ? await Promise.race([daemonEnded, aborted]) : first;
  if (how === undefined) return 0;
  console.error(texts.daemonEnded(how));
  for (const { level, message } of daemonLog.lines.slice(-SHOWN_LINES)) console.error(`  ${level}: ${message}`);
  return EXIT_FAILURE;
}

/** The default of the program where it is here, else any real model, else the bundled one. */
async function chooseModel(wanted: string | undefined, cacheDir: string, texts: Texts): Promise<string> {
  const present = await modelsOnDisk(modelsDir(cacheDir));
  if (wanted !== undefined && !present.includes(wanted)) {
    throw new SetupError(texts.lifecycle.noModel(wanted), `npm run model -- pull ${wanted}`);
  }
  const real = SPEECH_MODELS.filter(({ isMultilingual }) => isMultilingual).map(({ name }) => name);
  const choice = wanted ?? [DEFAULT_MODEL, ...real, BUNDLED_MODEL.name].find((name) => present.includes(name));
  if (choice === undefined) throw new SetupError(texts.demo.terminal.noModel, 'npm run demo');
  return choice;
}

function explained(error: unknown, port: number | undefined, texts: TerminalTexts): unknown {
  const isPortTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isPortTaken && port !== undefined ? new SetupError(texts.portTaken(port), '--port', { cause: error }) : error;
}

/** A terminal window that is closed is a wish to stop too; whatever is still said then has no reader. */
function orHangup(stop: AbortSignal): AbortSignal {
  const hangup = new AbortController();
  const hangUp = () => hangup.abort(new StopRequested('SIGHUP'));
  process.once('SIGHUP', hangUp);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', hangUp);
  return AbortSignal.any([stop, hangup.signal]);
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

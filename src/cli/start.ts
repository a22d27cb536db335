import { ACCOUNT_ID } from '../account-id.js';
import { App } from '../app.js';
import type { Config } from '../config/load-config.js';
import { AppError, errorText, LeaveRequested, RestartNeededError, SetupError, StopRequested } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { LogLines } from '../log/log-lines.js';
import type { Logger } from '../log/logger.js';
import { FolderInUseError, lockDataFolder } from '../store/data-folder-lock.js';
import { systemdEnvironment } from '../supervisor/systemd-environment.js';
import { loadTestDataCentres } from '../telegram/test-data-centres.js';
import { createSpeech } from './create-speech.js';
import { createWays } from './create-ways.js';
import { EXIT_CONFIG, EXIT_RESTART } from './exit-status.js';
import { findSession, sessionVault } from './find-session.js';

export interface StartDependencies {
  config: Config;
  texts: Texts;
  log: Logger;
  lines: LogLines;
  version: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Runs the sign-in where there is a terminal; resolves with its exit status. */
  signIn?: () => Promise<number>;
}

/**
 * The daemon, from what it needs before it can start until it has stopped in order; resolves with the exit status: 0
 * after a stop on request, 78 where its owner has to do something first (said in the log), 75 where it should be started
 * anew, 1 after an unclean stop.
 */
export async function start(deps: StartDependencies, signal: AbortSignal): Promise<number> {
  const { config, texts, log, lines } = deps;
  for (const warning of config.warnings) log.warn(warning);
  const { apiId, apiHash } = config;
  let session = await findSession(config, ACCOUNT_ID);
  if (session === undefined && deps.signIn !== undefined) {
    const status = await deps.signIn();
    if (status !== 0) return status;
    session = await findSession(config, ACCOUNT_ID);
  }
  if (session === undefined) throw new SetupError(texts.lifecycle.noSession, 'npm run login');
  if (apiId === undefined || apiHash === undefined) throw new SetupError(texts.lifecycle.noApiCredentials, '.env');
  const release = await takeDataFolder(config.dataDir, texts);
  try {
    const { testDc: addresses, testDcKey } = config;
    const testDc = addresses === undefined ? undefined : loadTestDataCentres(addresses, testDcKey ?? '');
    const credentials = { apiId, apiHash, session };
    const systemd = systemdEnvironment(deps.environment, process.pid);
    const speech = createSpeech(config, texts, log);
    const ways = createWays(config, texts, log);
    const app = new App({ ...speech, config, texts, log, lines, credentials, ways, seal: sessionVault(config), version: deps.version, ...(testDc && { testDc }), ...(systemd && { systemd }) });
    return await run(app, texts, log, signal);
  } finally {
    await release();
  }
}

async function run(app: App, texts: Texts, log: Logger, signal: AbortSignal): Promise<number> {
  let status = 0;
  try {
    await app.start(signal);
    const ended = await Promise.race([untilAborted(signal), app.ended]);
    if (ended instanceof LeaveRequested) {
      log.info(ended.how === 'restart' ? texts.lifecycle.restartRequested : texts.lifecycle.stopRequested);
      status = ended.how === 'restart' ? EXIT_RESTART : 0;
    } else if (ended instanceof AppError) status = ended instanceof RestartNeededError ? EXIT_RESTART : EXIT_CONFIG;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (signal.reason instanceof StopRequested) {
      log.info(texts.lifecycle.signalReceived(signal.reason.signalName));
      log.info(texts.lifecycle.stopping);
    }
    const clean = await app.stop();
    if (clean) log.info(texts.lifecycle.stopped);
    else log.error(texts.lifecycle.stoppedWithErrors);
    if (!clean && status === 0) status = 1;
  }
  return status;
}

async function takeDataFolder(folder: string, texts: Texts): Promise<() => Promise<void>> {
  try {
    return await lockDataFolder(folder);
  } catch (error) {
    if (error instanceof FolderInUseError) {
      throw new SetupError(texts.lifecycle.alreadyRunning(error.pid, error.folder), 'GRAMSCRIBE_DATA', { cause: error });
    }
    throw new SetupError(texts.lifecycle.cannotUseFolder(folder, errorText(error)), 'GRAMSCRIBE_DATA', { cause: error });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

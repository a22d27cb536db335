import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { LogLines } from '../log/log-lines.js';
import type { Logger } from '../log/logger.js';

/** What every command of the shell may need. */
export interface CliDependencies {
  config: Config;
  texts: Texts;
  log: Logger;
  /** What was logged, as far as it is kept. */
  lines: LogLines;
  version: string;
  /** The lowest Node.js that will do, as `20.20`. */
  nodeWanted: string;
  signal: AbortSignal;
  /** Both ends are a terminal, so questions can be asked. */
  interactive: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  setStatus: (status: number) => void;
}

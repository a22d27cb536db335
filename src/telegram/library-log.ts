import { Logger as LibraryLogger, LogLevel } from 'telegram/extensions/Logger.js';
import type { Logger } from '../log/logger.js';

/** Two of the library's lines end in raw bytes of what it could not read, which may be somebody's message. */
const RAW_BYTES_FOLLOW = /(remaining data|without parent request:).*/s;

/**
 * The library's log, as debug lines of ours: what it calls an error is a lost connection, which the supervisor reports
 * in its own words. `canSend` says no, because the library takes yes as leave to `console.error` by itself.
 */
export class LibraryLog extends LibraryLogger {
  constructor(private readonly target: Logger) {
    super(LogLevel.DEBUG);
  }

  override canSend(): boolean {
    return false;
  }

  override _log(level: LogLevel, message: string): void {
    const line = message.replace(RAW_BYTES_FOLLOW, '$1 …');
    if (level === LogLevel.DEBUG) this.target.trace({ library: line }, 'client library');
    else this.target.debug({ library: line }, 'client library');
  }
}

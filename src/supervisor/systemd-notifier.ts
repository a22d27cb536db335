import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { errorText } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { Service } from './service-group.js';
import type { SystemdEnvironment } from './systemd-environment.js';

export interface SystemdNotifierOptions {
  systemd: SystemdEnvironment;
  /** One line for `systemctl status`. */
  status: () => string;
  /** Why only a new start of the process could help; undefined as long as there is no such reason. */
  wedged: () => string | undefined;
  texts: Texts['lifecycle'];
  log: Logger;
}

const STATUS_EVERY_MS = 15_000;
/** Two pings may be lost before systemd loses its patience. */
const PINGS_PER_PATIENCE = 3;
const MESSAGE_DEADLINE_MS = 10_000;
/** Shorter than what a service may take to stop. */
const LAST_MESSAGE_DEADLINE_MS = 2000;

const run = promisify(execFile);

/**
 * Tells systemd that the daemon is ready, how it is, that it stops, and, as long as it is not wedged, that it lives: an event
 * loop that stands still sends nothing, and systemd starts the process anew. Node.js has no datagram sockets on paths, so the
 * messenger is systemd's own `systemd-notify` (docs/dependencies.md); the unit has `NotifyAccess=all` for that.
 */
export class SystemdNotifier implements Service {
  readonly name = 'systemd';
  readonly #options: SystemdNotifierOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Messages go out one after the other, in order. */
  #sending: Promise<void> = Promise.resolve();
  #isSending = false;
  #toldStatus = '';
  #isUnheard = false;
  #isWedged = false;

  constructor(options: SystemdNotifierOptions) {
    this.#options = options;
  }

  /** Resolves when systemd knows that the daemon is ready; also where it cannot be told, which the log says. */
  async start(): Promise<void> {
    const { watchdogMs = Infinity } = this.#options.systemd;
    await this.#send(['READY=1', ...this.#news()]);
    this.#timer = setInterval(() => this.#tick(), Math.min(STATUS_EVERY_MS, watchdogMs / PINGS_PER_PATIENCE));
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#send(['STOPPING=1', `STATUS=${oneLine(this.#options.texts.disconnected)}`], LAST_MESSAGE_DEADLINE_MS);
  }

  #tick(): void {
    // A messenger that hangs is not joined by a second one.
    if (this.#isSending) return;
    const message = [...this.#lifeSign(), ...this.#news()];
    if (message.length > 0) void this.#send(message);
  }

  #lifeSign(): string[] {
    const { systemd, wedged, texts, log } = this.#options;
    if (systemd.watchdogMs === undefined) return [];
    const reason = wedged();
    if (reason !== undefined && !this.#isWedged) log.error(texts.wedged(reason, Math.round(systemd.watchdogMs / 1000)));
    this.#isWedged = reason !== undefined;
    return this.#isWedged ? [] : ['WATCHDOG=1'];
  }

  #news(): string[] {
    const status = oneLine(this.#options.status());
    if (status === this.#toldStatus) return [];
    this.#toldStatus = status;
    return [`STATUS=${status}`];
  }

  #send(message: string[], timeout = MESSAGE_DEADLINE_MS): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      const { systemd, texts, log } = this.#options;
      this.#isSending = true;
      try {
        await run('systemd-notify', ['--', ...message], { env: { ...systemd.variables }, timeout });
        this.#isUnheard = false;
      } catch (error) {
        if (!this.#isUnheard) log.warn({ err: error }, texts.systemdUnheard(messengersWords(error)));
        this.#isUnheard = true;
      } finally {
        this.#isSending = false;
      }
    });
    return this.#sending;
  }
}

/** What systemd-notify said, or why it could not be run. */
function messengersWords(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return oneLine(stderr === undefined || stderr === '' ? errorText(error) : stderr).trim();
}

/** A line break would begin the next variable. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

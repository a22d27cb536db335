import type { FaultGroup } from './fault.js';

/** One fault that has healed, and what came back when, ms after that. */
export interface Recovery {
  group: FaultGroup;
  fault: string;
  /** Until Telegram answered a request of the daemon. */
  connectionMs?: number;
  /** Until the next answer to a voice stood in a chat. */
  answerMs?: number;
}

interface Open extends Recovery {
  healedAtMs: number;
}

/**
 * Measures how long it takes after each fault until the daemon is heard of again. A measurement that another fault runs
 * into is given up: it would measure that one.
 */
export class RecoveryWatch {
  readonly done: Recovery[] = [];
  disturbed = 0;
  private open: Open[] = [];

  constructor(private readonly nowMs: () => number) {}

  healed(group: FaultGroup, fault: string): void {
    this.open.push({ group, fault, healedAtMs: this.nowMs() });
  }

  /** A fault begins: what is not measured yet cannot be any more. */
  struck(): void {
    this.disturbed += this.open.filter(({ connectionMs }) => connectionMs === undefined).length;
    this.done.push(...this.open.filter(({ connectionMs }) => connectionMs !== undefined));
    this.open = [];
  }

  /** Telegram has answered a request that came at this moment. */
  requestAnswered(cameAtMs: number): void {
    for (const each of this.open) if (cameAtMs >= each.healedAtMs) each.connectionMs ??= this.nowMs() - each.healedAtMs;
  }

  /** An answer to a voice stands in a chat. */
  voiceAnswered(): void {
    const nowMs = this.nowMs();
    for (const each of this.open) if (nowMs >= each.healedAtMs) each.answerMs ??= nowMs - each.healedAtMs;
    this.done.push(...this.open.filter(({ answerMs, connectionMs }) => answerMs !== undefined && connectionMs !== undefined));
    this.open = this.open.filter(({ answerMs, connectionMs }) => answerMs === undefined || connectionMs === undefined);
  }

  /** The run is over. */
  finish(): void {
    this.struck();
  }
}

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
  private underWay = 0;

  constructor(private readonly nowMs: () => number) {}

  /** All is well again around the daemon: from now on it is measured, unless another fault goes on. */
  measure(group: FaultGroup, fault: string): void {
    if (this.underWay > 0) this.disturbed += 1;
    else this.open.push({ group, fault, healedAtMs: this.nowMs() });
  }

  /** A fault begins: what is not measured yet cannot be any more. `ended` has to follow. */
  struck(): void {
    this.underWay += 1;
    this.giveUp();
  }

  ended(): void {
    this.underWay -= 1;
  }

  /** The run is over. */
  finish(): void {
    this.giveUp();
  }

  private giveUp(): void {
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
}

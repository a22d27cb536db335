import type { Socket } from 'node:net';
import { BrokenPacket } from './broken-packet.js';
import type { ConnectionFaults } from './connection-faults.js';
import type { DataCentreLog } from './data-centre-log.js';
import { detectFraming } from './detect-framing.js';
import type { Framing } from './framing.js';
import { tlInt } from './tl-writer.js';

export interface ConnectionDeps {
  id: number;
  socket: Socket;
  faults: Pick<ConnectionFaults, 'muted' | 'sendDelayMs'>;
  log: DataCentreLog;
  /** May throw `BrokenPacket`. */
  onPacket: (packet: Buffer) => void;
  onClose: () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One TCP connection: packets in, packets out, whatever its transport; late, silent or cut where a fault says so. */
export class Connection {
  readonly id: number;
  readonly remotePort: number;
  private framing: Framing | undefined;
  private undetected = Buffer.alloc(0);
  private readonly delayed: { bytes: Buffer; dueMs: number }[] = [];
  private delayTimer: NodeJS.Timeout | undefined;
  private disconnectTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly deps: ConnectionDeps) {
    const { socket } = deps;
    this.id = deps.id;
    this.remotePort = socket.remotePort ?? 0;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.receive(bytes));
    // What goes wrong on a socket closes it; 'close' follows.
    socket.on('error', (error) => deps.log.debug({ connection: this.id, error: error.message }, 'socket error'));
    socket.on('close', () => this.onClosed());
    if (deps.faults.muted) socket.pause();
  }

  get transport(): string | undefined {
    return this.framing?.name;
  }

  /** Does nothing once the connection is closed. */
  send(packet: Buffer): void {
    if (this.closed || !this.framing) return;
    const { muted, sendDelayMs } = this.deps.faults;
    const bytes = this.framing.encode(packet);
    if (!muted && sendDelayMs === 0 && this.delayed.length === 0) {
      this.deps.socket.write(bytes);
      return;
    }
    this.delayed.push({ bytes, dueMs: performance.now() + sendDelayMs });
    this.sendDue();
  }

  /** `rst`: resets it, whatever is on the way is lost; `fin`: what was written goes out first. */
  cut(how: 'fin' | 'rst'): void {
    if (how === 'rst') this.deps.socket.resetAndDestroy();
    else this.deps.socket.destroySoon();
    this.onClosed();
  }

  /** Closes it after this time, unless called again before. */
  disconnectAfter(delayMs: number): void {
    clearTimeout(this.disconnectTimer);
    this.disconnectTimer = setTimeout(() => this.cut('fin'), Math.min(delayMs, LONGEST_TIMER_MS)).unref();
  }

  setMuted(on: boolean): void {
    if (on) {
      this.deps.socket.pause();
      return;
    }
    this.deps.socket.resume();
    this.sendDue();
  }

  private receive(bytes: Buffer): void {
    try {
      for (const packet of this.packetsOf(bytes)) {
        if (this.closed) return;
        this.deps.onPacket(packet);
      }
    } catch (error) {
      this.refuse(error);
    }
  }

  private refuse(error: unknown): void {
    if (error instanceof BrokenPacket) {
      this.deps.log.debug({ connection: this.id, reason: error.message }, 'broken packet');
      if (error.transportError !== undefined) this.send(tlInt(error.transportError));
    } else {
      this.deps.log.warn({ connection: this.id, error }, 'a packet could not be handled');
    }
    this.cut('fin');
  }

  private packetsOf(bytes: Buffer): Buffer[] {
    if (this.framing) return this.framing.decode(bytes);
    this.undetected = Buffer.concat([this.undetected, bytes]);
    const detected = detectFraming(this.undetected);
    if (!detected) return [];
    this.framing = detected.framing;
    return this.framing.decode(detected.rest);
  }

  private sendDue(): void {
    clearTimeout(this.delayTimer);
    if (this.closed || this.deps.faults.muted) return;
    const nowMs = performance.now();
    for (let next = this.delayed[0]; next; next = this.delayed[0]) {
      if (next.dueMs > nowMs) {
        this.delayTimer = setTimeout(() => this.sendDue(), next.dueMs - nowMs).unref();
        return;
      }
      this.deps.socket.write(next.bytes);
      this.delayed.shift();
    }
  }

  private onClosed(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.delayTimer);
    clearTimeout(this.disconnectTimer);
    this.delayed.length = 0;
    this.deps.onClose();
  }
}

/** What `ConnectionFaults` does its work on. */
export interface FaultTarget {
  dropAll(how: 'fin' | 'rst'): void;
  setListening(on: boolean): Promise<void>;
  setMuted(on: boolean): void;
}

/**
 * The ways in which a network or a server can be bad, to be switched on and off while the data centre runs.
 * To cut one connection at one request, throw `ConnectionCut` (src/sandbox/rpc.ts) from the handler.
 */
export class ConnectionFaults {
  /** Pongs go out this much later, ms. */
  pongDelayMs = 0;
  /** Everything that is sent goes out this much later, in order, ms. */
  sendDelayMs = 0;
  /** The server's clock is this far ahead of the real one, ms; negative: behind. */
  clockSkewMs = 0;
  /** True while `mute(true)` holds. */
  muted = false;
  /** True while `refuse(true)` holds. */
  refusing = false;

  constructor(private readonly target: FaultTarget) {}

  /** Cuts every connection now: `fin` ends them in order, `rst` resets them. */
  dropAll(how: 'fin' | 'rst' = 'rst'): void {
    this.target.dropAll(how);
  }

  /** Closes the listener, so that a dial gets ECONNREFUSED, or listens again on the same port. Live connections stay. */
  async refuse(on: boolean): Promise<void> {
    if (this.refusing === on) return;
    this.refusing = on;
    await this.target.setListening(!on);
  }

  /**
   * A half-open link: connections stay and can be made, nothing is read, nothing is answered. What came and what was to
   * be sent meanwhile goes through when it ends, as TCP would do it.
   */
  mute(on: boolean): void {
    this.muted = on;
    this.target.setMuted(on);
  }
}

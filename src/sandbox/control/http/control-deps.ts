import type { MediaKind } from '../../world/model.js';
import type { Sandbox } from '../../sandbox.js';
import type { EventStream } from './event-stream.js';

/** A recording that lies ready to be sent by name. */
export interface ControlClip {
  name: string;
  kind: MediaKind;
  bytes: Buffer;
  mimeType: string;
  durationSec: number;
  waveform?: Buffer;
}

export interface ControlDeps {
  sandbox: Sandbox;
  clips: readonly ControlClip[];
  stream: EventStream;
  /** Ends with the server; waits end with it. */
  signal: AbortSignal;
}

import type { ClientLink } from './client-link.js';
import type { KeyRing, KnownKey } from './key-ring.js';
import type { ReceivedMessage } from './received-messages.js';
import type { Session } from './session.js';

/** A message of a client that was accepted, and all that its handling needs to know. */
export interface IncomingMessage {
  link: ClientLink;
  key: KnownKey;
  session: Session;
  /** Its entry in the session. */
  record: ReceivedMessage;
  /** Unpacked. */
  body: Buffer;
}

/** What the handling of messages works on. */
export interface MtprotoState {
  dcId: number;
  keys: KeyRing;
  /** Server time, ms. */
  now: () => number;
}

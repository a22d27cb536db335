import type { Connection } from './connection.js';
import type { KeyRing } from './key-ring.js';
import { encryptMessage } from './message-cipher.js';
import type { ServerMessage, Session, SessionLink } from './session.js';

export interface ClientLinkDeps {
  connection: Connection;
  keys: KeyRing;
  /** Server time, ms. */
  now: () => number;
}

/** A connection as sessions see it: it encrypts what they send. */
export class ClientLink implements SessionLink {
  /** The key and the session of the last message that came. */
  authKeyId: string | undefined;
  sessionId: string | undefined;

  constructor(private readonly deps: ClientLinkDeps) {}

  get id(): number {
    return this.deps.connection.id;
  }

  get connection(): Connection {
    return this.deps.connection;
  }

  sendMessage(session: Session, message: ServerMessage): void {
    const key = this.deps.keys.find(session.authKeyId);
    // The key has been forgotten since: its owner learns it with the next message.
    if (!key) return;
    const salt = key.salts.current(Math.floor(this.deps.now() / 1000));
    this.connection.send(encryptMessage({ ...message, salt, sessionId: session.id }, key.authKey, 'server'));
  }
}

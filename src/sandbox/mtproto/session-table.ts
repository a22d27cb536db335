import { Session, type SessionLink } from './session.js';

/** A key keeps this many sessions that nobody is connected to, the newest ones. */
const KEPT_WITHOUT_CONNECTION = 32;

/** The sessions of every key. */
export class SessionTable {
  private readonly byKey = new Map<string, Map<string, Session>>();

  constructor(private readonly now: () => number) {}

  /** The session, made where there was none. */
  obtain(authKeyId: string, sessionId: string): Session {
    const sessions = this.byKey.get(authKeyId) ?? new Map<string, Session>();
    this.byKey.set(authKeyId, sessions);
    const known = sessions.get(sessionId);
    const session = known && !known.isLost ? known : new Session(authKeyId, sessionId, this.now);
    sessions.set(sessionId, session);
    this.dropOldest(sessions, session);
    return session;
  }

  ofKey(authKeyId: string): Session[] {
    return [...(this.byKey.get(authKeyId)?.values() ?? [])];
  }

  /** False where there was none. */
  remove(authKeyId: string, sessionId: string): boolean {
    return this.byKey.get(authKeyId)?.delete(sessionId) ?? false;
  }

  removeKey(authKeyId: string): void {
    this.byKey.delete(authKeyId);
  }

  /** A connection is closed. */
  detach(link: SessionLink): void {
    for (const sessions of this.byKey.values()) {
      for (const session of sessions.values()) session.detach(link);
    }
  }

  private dropOldest(sessions: Map<string, Session>, wanted: Session): void {
    const idle = [...sessions.values()].filter((session) => !session.isLive && session !== wanted);
    for (const session of idle.slice(0, -KEPT_WITHOUT_CONNECTION)) sessions.delete(session.id);
  }
}

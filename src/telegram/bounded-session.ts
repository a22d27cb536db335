import { StringSession } from 'telegram/sessions/index.js';

/**
 * A session in memory that remembers its key and nothing else. The library's own one keeps a row per user per update and
 * searches them all (gram-js/gramjs#816); this one hands what it is shown to `onEntities` and forgets it. Both libraries
 * show it every update before any handler sees it, and every answer before the caller does.
 */
export class BoundedSession extends StringSession {
  constructor(
    sessionString: string,
    private readonly onEntities: (value: unknown) => void,
  ) {
    super(sessionString);
  }

  override processEntities(value: unknown): void {
    this.onEntities(value);
  }
}

import type { AccessDecision } from './access-policy.js';

/** Something that the owner may want to look up later. */
export type AuditNote =
  /** Somebody else used a command. */
  | { kind: 'used'; person: string; chat: string; command: string }
  /** A command was refused; `person` may be the owner, and is absent where nobody in particular wrote it (an anonymous admin, a channel). */
  | { kind: 'refused'; person?: string; chat: string; command: string; because: Extract<AccessDecision, { allow: false }>['because'] }
  /** The owner gave or took away a right. `whom` and `what` as people read them. */
  | { kind: 'granted' | 'revoked'; whom: string; what: string; untilMs?: number }
  /** The owner put a person into a group, or took them out. */
  | { kind: 'joined' | 'left'; whom: string; what: string }
  /** A command that reaches beyond the program was run by the owner: what exactly. */
  | { kind: 'danger'; command: string; what: string };

/** A note as it is kept: `count` times the same, first and last. */
export type AuditEntry = AuditNote & { count: number; firstMs: number; lastMs: number };

/**
 * What was used by others, refused, granted and dared; bounded. The same person's refusals of one day are one entry, and
 * refusals push out refusals only, so nobody can wash a grant out of it.
 */
export interface AuditLog {
  note(note: AuditNote): Promise<void>;
  /** The newest first. */
  newest(count: number): Promise<AuditEntry[]>;
}

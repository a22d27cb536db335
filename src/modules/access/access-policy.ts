import type { AnyCommand } from '../contract/command-definition.js';
import type { ModuleMessage } from '../contract/module-message.js';

/** Somebody typed a command. */
export interface AccessRequest {
  message: ModuleMessage;
  module: string;
  command: Pick<AnyCommand, 'name' | 'access'>;
  /** The command steers others (`.cancel`, `.yes`), and whoever wrote the message has one running in this chat: it is about that one. */
  steersOwn?: boolean;
}

export type AccessDecision =
  | { allow: true; as: 'owner' | 'group' | 'rule' }
  /** `silent`: a stranger's message that begins like a command is a person's own business, and gets no answer. */
  | { allow: false; because: 'not-permitted' | 'owner-only' | 'must-be-typed' | 'ignored'; silent: boolean };

/** Who may use what. The owner is who the session says wrote the message (`outgoing`), and nothing else. */
export interface AccessPolicy {
  decide(request: AccessRequest): Promise<AccessDecision>;
  /** Each use by somebody else and each refusal is written to the audit list. */
  audit(request: AccessRequest, decision: AccessDecision): Promise<void>;
}

import type { AccessRule, GroupMember } from './access-rule.js';

/** The rules and groups of people of one account, as they are kept. */
export interface AccessRules {
  /** Those in force; what has run out is removed. */
  rules(nowMs: number): Promise<AccessRule[]>;
  /** A rule for the same people about the same thing gives way to it. */
  put(rule: AccessRule): Promise<void>;
  /** How many of them there were. */
  remove(rules: readonly Pick<AccessRule, 'subject' | 'module' | 'commands' | 'wholeModule'>[]): Promise<number>;
  members(): Promise<GroupMember[]>;
  /** False where they were in it already; the name is then brought up to date. */
  addMember(member: GroupMember): Promise<boolean>;
  /** False where they were not in it. */
  removeMember(group: string, id: string): Promise<boolean>;
  /** Puts these rules in once in the account's life: those that were revoked since do not come back. */
  seed(rules: readonly AccessRule[]): Promise<void>;
}

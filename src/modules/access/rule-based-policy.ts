import { peerKey } from '../../telegram/peer.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { AccessDecision, AccessPolicy, AccessRequest } from './access-policy.js';
import type { AccessRules } from './access-rules.js';
import type { AuditLog } from './audit-log.js';
import { decideAccess, dependsOnReply } from './decide-access.js';

export interface RuleBasedPolicyDependencies {
  /** Of the account whose commands it decides on. */
  rules: Pick<AccessRules, 'rules' | 'members'>;
  audit: Pick<AuditLog, 'note'>;
  ignores(message: ModuleMessage): boolean;
  /** Id of the person whose message this one answers; undefined where it answers none, or none of a person. */
  senderOfReplied(message: ModuleMessage): Promise<string | undefined>;
  nowMs(): number;
}

/** Decides by the rules of the account as they are stored at that moment. What the owner types needs no rules, and no Redis. */
export class RuleBasedPolicy implements AccessPolicy {
  readonly #deps: RuleBasedPolicyDependencies;

  constructor(deps: RuleBasedPolicyDependencies) {
    this.#deps = deps;
  }

  async decide(request: AccessRequest): Promise<AccessDecision> {
    const { message } = request;
    const known = { request, ignored: this.#deps.ignores(message), nowMs: this.#deps.nowMs() };
    if (message.outgoing) return decideAccess({ ...known, rules: [], members: [], answersOwn: false });
    const { rules } = this.#deps;
    const facts = { ...known, rules: await rules.rules(known.nowMs), members: await rules.members() };
    const asked = !facts.ignored && dependsOnReply(facts) ? await this.#deps.senderOfReplied(message) : undefined;
    return decideAccess({ ...facts, answersOwn: asked !== undefined && asked === message.sender?.id });
  }

  async audit({ message, command }: AccessRequest, decision: AccessDecision): Promise<void> {
    const about = { chat: peerKey(message.chat), command: command.name };
    const person = message.sender?.id;
    if (!decision.allow) await this.#deps.audit.note({ kind: 'refused', ...(person !== undefined && { person }), ...about, because: decision.because });
    else if (person !== undefined && !message.outgoing) await this.#deps.audit.note({ kind: 'used', person, ...about });
  }
}

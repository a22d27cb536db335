/** For whom a rule is: one person, a group of people that the owner made, or everybody who writes in a chat. */
export type AccessSubject =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'group'; readonly name: string }
  /** The chat's key: `g1`, `c1`, `u1`. */
  | { readonly kind: 'chat'; readonly chat: string };

/** What the owner permitted to somebody. */
export interface AccessRule {
  readonly subject: AccessSubject;
  /** The person or chat as the owner knew it. */
  readonly subjectName: string;
  readonly module: string;
  /** Exactly these: what a later version of the module adds is not among them. */
  readonly commands: readonly string[];
  /** It was given for the module, not for a command by name. */
  readonly wholeModule: boolean;
  /** Only in reply to a message of one's own. */
  readonly onlyOwn: boolean;
  readonly sinceMs: number;
  /** Absent: for good. */
  readonly untilMs?: number;
}

/** Somebody in a group of people. */
export interface GroupMember {
  readonly group: string;
  readonly id: string;
  readonly name: string;
  readonly username?: string;
}

/** The same for two rules of which the second takes the first one's place: for the same people, about the same thing. */
export function ruleId({ subject, module, commands, wholeModule }: Pick<AccessRule, 'subject' | 'module' | 'commands' | 'wholeModule'>): string {
  return `${subjectKey(subject)} ${module} ${wholeModule ? '*' : commands.join(',')}`;
}

/** `person:1`, `group:family`, `chat:g1`. */
export function subjectKey(subject: AccessSubject): string {
  switch (subject.kind) {
    case 'person':
      return `person:${subject.id}`;
    case 'group':
      return `group:${subject.name}`;
    case 'chat':
      return `chat:${subject.chat}`;
  }
}

/** A rule stops counting at the moment that it names, to the millisecond. */
export function isInForce(rule: Pick<AccessRule, 'untilMs'>, nowMs: number): boolean {
  return rule.untilMs === undefined || nowMs < rule.untilMs;
}

import type { AccessRule } from '../../access/access-rule.js';

/**
 * Groups that are there from the start, with nobody in them, and what they may use:
 *
 * - `trusted`: see how the daemon is, and have any voice written down;
 * - `family`: have their own voices written down, and see why one was not.
 *
 * These are ordinary rules: what is revoked of them stays revoked.
 */
export const readyMadeGroups: Readonly<Record<string, readonly Pick<AccessRule, 'module' | 'commands' | 'onlyOwn'>[]>> = {
  trusted: [
    { module: 'status', commands: ['ping'], onlyOwn: false },
    { module: 'status', commands: ['status'], onlyOwn: false },
    { module: 'voice', commands: ['transcribe'], onlyOwn: false },
    { module: 'voice', commands: ['why'], onlyOwn: false },
  ],
  family: [
    { module: 'voice', commands: ['transcribe'], onlyOwn: true },
    { module: 'voice', commands: ['why'], onlyOwn: true },
  ],
};

/** The rules of the ready-made groups, as the store keeps rules. */
export function readyMadeRules(nowMs: number): AccessRule[] {
  return Object.entries(readyMadeGroups).flatMap(([name, rules]) =>
    rules.map((rule) => ({ ...rule, subject: { kind: 'group', name } as const, subjectName: name, wholeModule: false, sinceMs: nowMs })),
  );
}

/** Telegram's service accounts (login codes), and the ids under which anonymous admins and channels write. */
const NOBODY: ReadonlySet<string> = new Set(['777000', '489000', '1087968824', '136817688']);

/** Whether the id is none of a person: no command is taken from it, and none given to it. */
export function isNobody(id: string): boolean {
  return NOBODY.has(id);
}

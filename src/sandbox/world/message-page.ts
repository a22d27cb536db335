/** How Telegram names a part of a list that is ordered from new to old: core.telegram.org/api/offsets. */
export interface PageQuery {
  /** Begin before this message; 0: at the newest. */
  offsetId: number;
  /** Begin before this date; 0: at the newest. */
  offsetDate: number;
  /** Move the beginning by so many; negative: towards newer ones. */
  addOffset: number;
  limit: number;
  /** Only ids below; 0: all. */
  maxId: number;
  /** Only ids above. */
  minId: number;
}

/** @param newestFirst all there is. @returns the part, and how many there are in all. */
export function pageOf<T extends { id: number; dateSec: number }>(
  newestFirst: readonly T[],
  query: PageQuery,
): { items: T[]; total: number } {
  const begin = newestFirst.findIndex(
    ({ id, dateSec }) =>
      (query.offsetId === 0 || id < query.offsetId) && (query.offsetDate === 0 || dateSec < query.offsetDate),
  );
  const start = (begin === -1 ? newestFirst.length : begin) + query.addOffset;
  const items = newestFirst
    .slice(Math.max(start, 0), Math.max(start + query.limit, 0))
    .filter(({ id }) => (query.maxId === 0 || id < query.maxId) && id > query.minId);
  return { items, total: newestFirst.length };
}

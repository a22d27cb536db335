/** The two largest units: `3 d 4 h`, `5 min 10 s`. */
export function readableDuration(ms: number, units: readonly [string, string, string, string]): string {
  const seconds = Math.floor(ms / 1000);
  const amounts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = Math.max(0, Math.min(amounts.findIndex((amount) => amount > 0), 3));
  const from = amounts.some((amount) => amount > 0) ? first : 3;
  return amounts
    .slice(from, from + 2)
    .map((amount, index) => `${amount} ${units[from + index] ?? ''}`)
    .join(' ');
}

/** As `readableDuration`; a round time has one unit: `10 min`. */
export function readablePeriod(ms: number, units: readonly [string, string, string, string]): string {
  return readableDuration(ms, units).replace(/(?<=\S) 0 \S+$/, '');
}

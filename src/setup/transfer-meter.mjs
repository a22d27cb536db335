/**
 * Speed and remaining time of a transfer, from the last few seconds (an average over all of it would lie after a stall).
 *
 * @param {() => number} [now] ms
 * @returns {(receivedBytes: number, totalBytes: number) => { bytesPerSecond: number, leftMs: number | undefined }}
 */
export function transferMeter(now = () => performance.now()) {
  const windowMs = 5_000;
  /** @type {{ atMs: number, bytes: number }[]} */
  const seen = [];
  return (receivedBytes, totalBytes) => {
    seen.push({ atMs: now(), bytes: receivedBytes });
    const last = /** @type {{ atMs: number, bytes: number }} */ (seen.at(-1));
    while (seen.length > 2 && last.atMs - (seen[0]?.atMs ?? 0) > windowMs) seen.shift();
    const first = seen[0] ?? last;
    const elapsedMs = last.atMs - first.atMs;
    const bytesPerSecond = elapsedMs > 0 ? ((last.bytes - first.bytes) * 1000) / elapsedMs : 0;
    const leftMs = bytesPerSecond > 0 ? ((totalBytes - receivedBytes) * 1000) / bytesPerSecond : undefined;
    return { bytesPerSecond, leftMs };
  };
}

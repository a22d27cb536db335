export interface Point {
  atMs: number;
  value: number;
}

const HOUR_MS = 3_600_000;

/** How much the value rises in an hour, by the straight line that fits best (least squares). NaN of fewer than two points. */
export function slopePerHour(points: readonly Point[]): number {
  const mean = (read: (point: Point) => number): number => points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [atMs, value] = [mean((point) => point.atMs), mean((point) => point.value)];
  const covariance = points.reduce((sum, point) => sum + (point.atMs - atMs) * (point.value - value), 0);
  const variance = points.reduce((sum, point) => sum + (point.atMs - atMs) ** 2, 0);
  return points.length < 2 ? NaN : (covariance / variance) * HOUR_MS;
}

/** The least value of each period: what is in use when nothing waits to be collected. */
export function floors(points: readonly Point[], periodMs: number): Point[] {
  const lowest = new Map<number, Point>();
  for (const point of points) {
    const period = Math.floor(point.atMs / periodMs);
    const known = lowest.get(period);
    if (known === undefined || point.value < known.value) lowest.set(period, point);
  }
  return [...lowest.values()];
}

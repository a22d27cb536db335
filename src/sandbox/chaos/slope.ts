export interface Point {
  atMs: number;
  value: number;
}

const HOUR_MS = 3_600_000;

/** How much the value rises in an hour, by the straight line that fits best. NaN of fewer than two points. */
export function slopePerHour(points: readonly Point[]): number {
  return slope(points.map(({ atMs: x, value: y }) => ({ x, y }))) * HOUR_MS;
}

/** How much y rises with each unit of x, by the straight line that fits best (least squares). NaN of fewer than two points. */
export function slope(points: readonly { x: number; y: number }[]): number {
  if (points.length < 2) return NaN;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
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

/** Where something went wrong that was contained: the daemon went on, and one message, command or job felt it. */
export const incidentKinds = ['message', 'command', 'job'] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** Counts contained errors since the start, so that the owner sees in `.status` what otherwise only the log tells. */
export class Incidents {
  readonly #counts = new Map<IncidentKind, number>(incidentKinds.map((kind) => [kind, 0]));

  count(kind: IncidentKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Every kind, also those that never happened. */
  snapshot(): Readonly<Record<IncidentKind, number>> {
    return Object.fromEntries(this.#counts) as Record<IncidentKind, number>;
  }
}

/** Something that happened in a run. */
export interface Happening {
  atMs: number;
  what: string;
}

/** What happened, in order; told to who listens as it happens. */
export class Chronicle {
  readonly happenings: Happening[] = [];

  constructor(private readonly onHappening: (happening: Happening) => void) {}

  note(what: string): void {
    const happening = { atMs: Date.now(), what };
    this.happenings.push(happening);
    this.onHappening(happening);
  }

  between(fromMs: number, toMs: number): Happening[] {
    return this.happenings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  }
}

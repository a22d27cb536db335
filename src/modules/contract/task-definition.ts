/** Something that is done again and again while the module runs; the next run begins `everyMs` after the last one began, never two at once. */
export interface TaskDefinition<Ctx = never> {
  readonly name: string;
  /** At least 1000; a function is asked before each wait, so that a setting can say it. */
  readonly everyMs: number | ((ctx: Ctx) => number);
  run(ctx: Ctx, signal: AbortSignal): Promise<void>;
}

export type AnyTask = TaskDefinition;

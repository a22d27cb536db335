import { withLinkedAbort } from '../../linked-abort.js';
import type { AnyCommand, ArgumentsDefinition, CommandCall, FlagsDefinition } from '../contract/command-definition.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { Module } from '../contract/define-module.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { AnyTask } from '../contract/task-definition.js';
import type { WatcherFilter } from '../contract/watcher-definition.js';
import { answerSchema, readAnswer } from './foreign-answer.js';
import { crossingMessage } from './crossing-message.js';
import type { ForeignDescription } from './foreign-description.js';
import { ForeignModuleError } from './foreign-module-error.js';
import type { ForeignContext, ForeignModuleDependencies } from './foreign-module-dependencies.js';
import type { ProgramFiles } from './foreign-program.js';
import { ForeignRun } from './foreign-run.js';
import type { ForeignScope } from './host-calls.js';
import type { PinnedModule } from './pinned-module.js';

/** A module of somebody else, as the core sees it, with what can be asked of it beside. */
export interface ForeignModule {
  module: Module;
  run: ForeignRun;
}

/** Less than the host's own patience. */
const STOP_MS = 1000;
const MIGRATION_MS = 30_000;

/**
 * A package that its owner let in, as a module like any other: what it says of itself is data, its functions are called in a
 * process of its own, and what they ask of the core is checked here against what was granted.
 */
export function foreignModule(files: ProgramFiles, pinned: PinnedModule, deps: ForeignModuleDependencies): ForeignModule {
  const { description } = pinned;
  const run = new ForeignRun(files, pinned, deps);
  const module: Module = {
    ...(describedModule(description) as Pick<Module, 'name' | 'version' | 'about' | 'settings'>),
    uses: pinned.granted,
    commands: description.commands.map((command) => foreignCommand(command as unknown as AnyCommand, run)),
    watchers: description.watchers.map(({ name, filter }) => ({
      name,
      filter: filterHere(filter),
      run: async (message: ModuleMessage, ctx: ForeignContext, signal: AbortSignal) => {
        await run.show(message);
        await run.invoke({ kind: 'watcher', name, input: crossingMessage(message) }, ctx, {}, signal);
      },
    })),
    tasks: description.tasks.map(({ name, everyMs }, index) => foreignTask(name, everyMs ?? (() => run.intervalMs(index)), run)),
    migrations: Array.from({ length: description.migrations }, (_, index) => async (store) => {
      try {
        await run.invoke({ kind: 'migration', input: index }, undefined, { store }, AbortSignal.timeout(MIGRATION_MS));
      } finally {
        await run.endUnlessStarted();
      }
    }),
    start: async (ctx: ForeignContext, signal: AbortSignal) => run.begin(ctx, signal),
    ...(description.settingsChanged && {
      settingsChanged: async (settings: unknown, ctx: ForeignContext) => {
        await run.invoke({ kind: 'settingsChanged', input: settings }, ctx, {}, AbortSignal.timeout(MIGRATION_MS));
      },
    }),
    stop: async () => run.end(AbortSignal.timeout(STOP_MS)),
  };
  return { module, run };
}

/** One that cannot be started: it is listed, with the reason why. */
export function brokenModule(pinned: Pick<PinnedModule, 'name' | 'version' | 'description'>, why: (language: ModuleLanguage) => string): Module {
  return {
    ...(describedModule(pinned.description) as Pick<Module, 'name' | 'version' | 'about' | 'settings'>),
    uses: [],
    settings: {},
    commands: [],
    watchers: [],
    tasks: [],
    migrations: [],
    start: async (ctx: ForeignContext) => Promise.reject(new CommandRefusal(why(ctx.language))),
  };
}

function describedModule({ name, version, about, settings }: ForeignDescription): object {
  return { name, version, about, settings };
}

/** A regular expression of a stranger's could hold this thread for hours; it runs inside. */
function filterHere(filter: ForeignDescription['watchers'][number]['filter']): WatcherFilter {
  const { text, ...rest } = filter as WatcherFilter;
  if (text?.matches === undefined) return filter as WatcherFilter;
  const { matches: _, ...plain } = text;
  return { ...rest, ...(Object.keys(plain).length > 0 && { text: plain }) };
}

function foreignCommand(definition: AnyCommand, run: ForeignRun): AnyCommand {
  return {
    ...definition,
    run: async (call: CommandCall<ArgumentsDefinition, FlagsDefinition>, ctx: ForeignContext, signal: AbortSignal) => {
      await run.show(call.message);
      const { args, flags, byOwner, language } = call;
      const input = { message: crossingMessage(call.message), args, flags, byOwner, language };
      const scope: ForeignScope = {
        call: {
          progress: (text) => call.progress(text),
          confirm: (question, ended) => withLinkedAbort([signal, ended], (until) => call.confirm(question, until)),
          repliedTo: (ended) => withLinkedAbort([signal, ended], (until) => call.repliedTo(until)),
        },
      };
      const answer = answerSchema.safeParse(await run.invoke({ kind: 'command', name: definition.name, input }, ctx, scope, signal));
      if (!answer.success) throw new ForeignModuleError('its answer is none that can be sent', answer.error.issues[0]?.path.join('.'));
      return readAnswer(answer.data);
    },
  };
}

function foreignTask(name: string, everyMs: number | (() => number), run: ForeignRun): AnyTask {
  return {
    name,
    everyMs,
    run: async (ctx: ForeignContext, signal: AbortSignal) => {
      await run.invoke({ kind: 'task', name }, ctx, {}, signal);
      await run.askIntervals(ctx, signal);
    },
  };
}

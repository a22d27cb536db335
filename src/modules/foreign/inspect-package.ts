import { ConfinementError } from '../boundary/confinement-error.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { CheckedPackage } from './check-package.js';
import type { ForeignDescription } from './foreign-description.js';
import { ForeignModuleError } from './foreign-module-error.js';
import { ForeignProgram, type ProgramFiles, type StartProgram } from './foreign-program.js';
import { PackageProblem } from './package-problem.js';

/** What the module says of itself; it runs behind the boundary for that long, and nothing that it asks for is answered. */
export async function describePackage(files: ProgramFiles, startProgram: StartProgram, signal: AbortSignal): Promise<ForeignDescription> {
  const refuse = (): Promise<never> => Promise.reject(new CommandRefusal('nothing is answered while it is looked at'));
  try {
    const program = await ForeignProgram.start(files, { startProgram, hostCall: refuse, log: () => undefined }, signal);
    try {
      return await program.describe(signal);
    } finally {
      await program.stop();
    }
  } catch (error) {
    if (error instanceof ForeignModuleError) throw new PackageProblem('definition', error.detail, { cause: error });
    if (error instanceof ConfinementError) throw new PackageProblem('threw', thrownLine(error), { cause: error });
    throw error;
  }
}

/** Throws where a manifest does not say what the module says. */
export function requireHonest({ manifest }: Pick<CheckedPackage, 'manifest'>, description: ForeignDescription): void {
  const pairs: Record<string, [unknown, unknown]> = {
    name: [manifest.name, description.name],
    version: [manifest.version, description.version],
    about: [JSON.stringify(aboutOf(manifest.about)), JSON.stringify(aboutOf(description.about))],
    uses: [[...manifest.uses].sort().join(), [...description.uses].sort().join()],
  };
  const lie = Object.entries(pairs).find(([, [one, other]]) => one !== other);
  if (lie !== undefined) throw new PackageProblem('differs', lie[0]);
}

function aboutOf({ en, ru }: ForeignDescription['about']): string[] {
  return [en.title, en.summary, ru.title, ru.summary];
}

function thrownLine({ reason, thrown }: ConfinementError): string {
  if (thrown === undefined) return reason;
  const place = /package\/([\w./-]+:\d+)/.exec(thrown.stack)?.[1];
  return `${thrown.message.slice(0, 200)}${place === undefined ? '' : ` (${place})`}`;
}

import { readFile } from 'node:fs/promises';
import type { AccountState } from '../backup/account-state.js';
import { readContent, type BackupContent } from '../backup/backup-content.js';
import { BackupError } from '../backup/backup-error.js';
import { changeLines } from '../backup/change-lines.js';
import { openSealedFile } from '../backup/sealed-file.js';
import { AppError, errorText } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import { EXIT_FAILURE } from './exit-status.js';
import type { Prompter } from './prompter.js';

export interface RestoreCommandOptions {
  withRules?: boolean;
  /** Does not ask. */
  yes?: boolean;
  /** Its first line is the passphrase. */
  passphraseFile?: string;
}

export interface RestoreDependencies {
  state: AccountState;
  /** Absent where there is no terminal. */
  prompter?: Prompter | undefined;
  texts: Texts['restore'];
  print: (line: string) => void;
}

/** What is wrong with the file or with how the command was called, in the person's language. */
class RestoreRefused extends AppError {}

/** `gramscribe restore FILE`: shows what would change, asks, and does all of it or nothing. Resolves with the exit status. */
export async function restore(path: string, options: RestoreCommandOptions, deps: RestoreDependencies, signal: AbortSignal): Promise<number> {
  const { state, texts, print } = deps;
  try {
    const content = await open(path, options, deps, signal);
    const rules = { withRules: options.withRules === true };
    const changes = await state.compare(content.sections, rules);
    print(texts.madeAt(new Date(content.madeAtMs).toISOString().slice(0, 16).replace('T', ' '), content.version));
    if (changes.length === 0) print(texts.same);
    else if (!(await isWanted(changeLines(changes, texts), options, deps, signal))) print(texts.cli.no);
    else {
      await state.apply(content.sections, rules);
      print(texts.cli.done);
    }
    return 0;
  } catch (error) {
    if (error instanceof BackupError) print(texts.problems[error.problem]);
    else if (error instanceof RestoreRefused) print(error.message);
    else throw error;
    return EXIT_FAILURE;
  }
}

async function open(path: string, options: RestoreCommandOptions, deps: RestoreDependencies, signal: AbortSignal): Promise<BackupContent> {
  const file = await read(path, deps.texts);
  const passphrase = await passphraseOf(options, deps, signal);
  return readContent(await openSealedFile(file, passphrase));
}

async function passphraseOf({ passphraseFile }: RestoreCommandOptions, { prompter, texts }: RestoreDependencies, signal: AbortSignal): Promise<string> {
  if (passphraseFile !== undefined) return (await read(passphraseFile, texts)).toString().split(/\r?\n/)[0] ?? '';
  if (prompter === undefined) throw new RestoreRefused(texts.cli.noTerminal);
  return prompter.password(texts.cli.passphrase, signal);
}

async function isWanted(lines: readonly string[], { yes, withRules }: RestoreCommandOptions, { prompter, texts, print }: RestoreDependencies, signal: AbortSignal): Promise<boolean> {
  for (const line of lines) print(`  ${line}`);
  if (withRules !== true) print(texts.cli.withoutRules);
  if (yes === true) return true;
  if (prompter === undefined) throw new RestoreRefused(texts.cli.noTerminal);
  return /^(y|yes|д|да)$/i.test((await prompter.text(texts.cli.ask, signal)).trim());
}

async function read(path: string, texts: Texts['restore']): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new RestoreRefused(texts.cli.cannotRead(path, errorText(error)), { cause: error });
  }
}

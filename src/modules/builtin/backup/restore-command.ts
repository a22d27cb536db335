import { BackupError } from '../../../backup/backup-error.js';
import { readContent, type BackupContent } from '../../../backup/backup-content.js';
import { changeLines } from '../../../backup/change-lines.js';
import { openSealedFile } from '../../../backup/sealed-file.js';
import { textsFor } from '../../../i18n/texts.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { DefineCommand } from '../../contract/define-module.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import type { ModuleMessage } from '../../contract/module-message.js';
import { momentText } from '../../moment-text.js';
import type { BackupContext, BackupPorts } from './backup-context.js';
import { backupTexts } from './texts.js';

const MAX_FILE_BYTES = 50 * 1024 * 1024;
const DEADLINE_MS = 300_000;
/** A chat gives nobody rights by a file; the host's shell does. */
const FROM_CHAT = { withRules: false };

/** `.restore` in reply to a backup: checks it, shows what would change, asks, then does all of it or nothing. */
export function restoreCommand(command: DefineCommand<BackupContext>, { state }: BackupPorts): ReturnType<typeof command> {
  return command({
    name: 'restore',
    aliases: ['восстановить'],
    about: backupTexts.both((texts) => texts.restore.about),
    access: 'typed',
    deadlineMs: DEADLINE_MS,
    run: async (call, ctx, signal) => {
      const { language } = call;
      const [own, texts] = [backupTexts.of(language), textsFor(language).restore];
      const file = await call.repliedTo(signal);
      if (file?.file === undefined) throw new CommandRefusal(own.restore.noFile);
      if (ctx.settings.passphrase === '') throw new CommandRefusal(own.restore.noPassphrase(ctx.prefix));
      try {
        const content = await contentOf(file, file.file.sizeBytes, ctx, signal);
        const changes = await state.compare(content.sections, FROM_CHAT);
        const title = texts.madeAt(momentText(content.madeAtMs, ctx.nowMs(), language), content.version);
        if (changes.length === 0) return `✅ ${title}\n${texts.same}`;
        const question = [`♻️ ${title}`, ...changeLines(changes, texts), own.restore.rulesStay];
        if (!(await call.confirm(question.join('\n'), signal))) return own.restore.no;
        await state.apply(content.sections, FROM_CHAT);
        return own.restore.done(ctx.prefix);
      } catch (error) {
        throw refusalOf(error, language, ctx.prefix);
      }
    },
  });
}

async function contentOf(message: ModuleMessage, sizeBytes: number, ctx: BackupContext, signal: AbortSignal): Promise<BackupContent> {
  if (sizeBytes > MAX_FILE_BYTES) throw new BackupError('too-large');
  const bytes = await ctx.download.file(message, MAX_FILE_BYTES, signal);
  return readContent(await openSealedFile(bytes, ctx.settings.passphrase));
}

function refusalOf(error: unknown, language: ModuleLanguage, prefix: string): unknown {
  if (!(error instanceof BackupError)) return error;
  const text = textsFor(language).restore.problems[error.problem];
  const whatToDo = error.problem === 'passphrase' ? ` ${backupTexts.of(language).restore.otherPassphrase(prefix)}` : '';
  return new CommandRefusal(text + whatToDo, { cause: error });
}

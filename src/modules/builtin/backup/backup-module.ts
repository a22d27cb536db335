import { isWeakPassphrase } from '../../../backup/weak-passphrase.js';
import { causeText } from '../../../errors.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import { defineModule, type Module } from '../../contract/define-module.js';
import type { BackupContext, BackupPorts } from './backup-context.js';
import { backupSettings } from './backup-settings.js';
import { restoreCommand } from './restore-command.js';
import { sendBackup } from './send-backup.js';
import { isTimeForBackup, noteAttempt } from './schedule.js';
import { backupTexts } from './texts.js';

const LOOK_EVERY_MS = 600_000;
const DEADLINE_MS = 180_000;

/** All that the owner chose and all that modules keep, as a sealed file in Saved Messages; by hand and on a schedule. The session is never in it. */
export function backupModule(ports: BackupPorts): Module {
  return defineModule({
    name: 'backup',
    version: '1.0.0',
    about: backupTexts.both((texts) => texts.about),
    uses: ['send', 'history', 'download', 'store'],
    settings: backupSettings,
    commands: (command) => [
      command({
        name: 'backup',
        aliases: ['копия'],
        about: backupTexts.both((texts) => texts.backup.about),
        access: 'owner',
        deadlineMs: DEADLINE_MS,
        run: async ({ language }, ctx, signal) => {
          if (ctx.settings.passphrase === '') throw new CommandRefusal(backupTexts.of(language).noPassphrase(ctx.prefix));
          return backupTexts.of(language).backup.done(await sendBackup(ports, ctx, signal));
        },
      }),
      restoreCommand(command, ports),
    ],
    tasks: (task) => [
      task({ name: 'schedule', everyMs: LOOK_EVERY_MS, run: (ctx, signal) => backUpWhenItIsTime(ports, ctx, signal) }),
    ],
    settingsChanged: (settings, ctx) => {
      const texts = backupTexts.of(ctx.language);
      if (settings.passphrase !== '' && isWeakPassphrase(settings.passphrase)) return Promise.reject(new CommandRefusal(texts.weak));
      if (settings.every !== 'off' && settings.passphrase === '') return Promise.reject(new CommandRefusal(texts.noPassphrase(ctx.prefix)));
      return Promise.resolve();
    },
  });
}

/** One that fails is tried again in an hour, and said in the log. */
async function backUpWhenItIsTime(ports: BackupPorts, ctx: BackupContext, signal: AbortSignal): Promise<void> {
  if (ctx.settings.passphrase === '' || !(await isTimeForBackup(ctx))) return;
  await noteAttempt(ctx);
  try {
    await sendBackup(ports, ctx, signal);
  } catch (error) {
    signal.throwIfAborted();
    ctx.log.warn(`the backup of the schedule could not be sent, the next try is in an hour: ${causeText(error)}`);
  }
}

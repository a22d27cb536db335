import { writeContent } from '../../../backup/backup-content.js';
import { sealFile } from '../../../backup/sealed-file.js';
import { causeText } from '../../../errors.js';
import type { BackupContext, BackupPorts } from './backup-context.js';
import { noteSent } from './schedule.js';
import { backupTexts } from './texts.js';

const SENT = 'sent';
/** This module's own store: which of its messages are there is nothing to go back to. */
const OWN_STORE = /^module-(store|version)\/backup$/;

/** Seals all that is kept and sends it to Saved Messages; then the oldest over the number to keep are deleted. Resolves with its size. */
export async function sendBackup({ state, version }: BackupPorts, ctx: BackupContext, signal: AbortSignal): Promise<number> {
  const all = Object.entries(await state.read()).filter(([name]) => !OWN_STORE.test(name));
  const nowMs = ctx.nowMs();
  const content = writeContent({ version, account: ctx.accountId, madeAtMs: nowMs, sections: Object.fromEntries(all) });
  const bytes = await sealFile(content, ctx.settings.passphrase);
  signal.throwIfAborted();
  const day = new Date(nowMs).toISOString().slice(0, 16).replace(':', '');
  const file = { name: `gramscribe-${ctx.accountId}-${day}.backup`, mimeType: 'application/octet-stream', bytes };
  const text = backupTexts.of(ctx.language).backup.caption(ctx.prefix);
  const messageId = await ctx.send.send('saved', { text, file }, undefined, signal);
  await noteSent(ctx);
  await keepNewest(messageId, ctx, signal);
  return bytes.length;
}

/** Only what this module sent is ever deleted. */
async function keepNewest(messageId: number, ctx: BackupContext, signal: AbortSignal): Promise<void> {
  const sent = [...idsOf(await ctx.store.get(SENT)), messageId];
  const old = sent.slice(0, Math.max(0, sent.length - ctx.settings.keep));
  await ctx.store.set(SENT, sent.slice(old.length));
  if (old.length === 0) return;
  try {
    await ctx.send.remove('saved', old, signal);
  } catch (error) {
    signal.throwIfAborted();
    ctx.log.info(`an old backup could not be deleted: ${causeText(error)}`);
  }
}

function idsOf(stored: unknown): number[] {
  return Array.isArray(stored) ? stored.filter((id): id is number => typeof id === 'number') : [];
}

import { CommandRefusal, type Answer, type ModuleMessage } from '../../contract/index.js';
import { callerOf, chatOf } from '../../commands/command-runs.js';
import type { CommandsPorts } from './commands-ports.js';
import type { en } from './texts/en.js';

/** Cancels the command that was replied to, else all of the chat, or all; somebody else's only where the owner says so. */
export function cancelRunning(
  { message, all, prefix }: { message: ModuleMessage; all: boolean; prefix: string },
  runs: ReturnType<CommandsPorts['runs']>,
  texts: (typeof en)['cancel'],
): Answer {
  const { accountId, replyToMessageId: messageId, outgoing } = message;
  const caller = callerOf(message);
  const whose = outgoing || caller === undefined ? {} : { caller };
  const where = all ? {} : { chat: chatOf(message), ...(messageId === undefined ? {} : { messageId }) };
  const cancelled = runs.cancel({ accountId, ...whose, ...where });
  if (cancelled.length > 0) return texts.done(counted(cancelled.map(({ command }) => prefix + command)));
  if (messageId !== undefined && !all) throw new CommandRefusal(texts.notThat);
  return all ? texts.nothingAnywhere : texts.nothing;
}

/** `.track, .config ×3` */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`)).join(', ');
}

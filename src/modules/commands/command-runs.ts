import { AppError } from '../../errors.js';
import { peerKey } from '../../telegram/peer.js';
import type { ModuleMessage } from '../contract/module-message.js';

/** Why a command was ended: somebody said so, it was edited and runs again, or its module is being stopped. */
export class CommandCancelled extends AppError {
  constructor(readonly because: 'told' | 'edited' | 'module-stopped') {
    super(`the command was cancelled: ${because}`);
  }
}

/** A command that runs. */
export interface CommandRun {
  readonly accountId: string;
  /** As `peerKey` gives it. */
  readonly chat: string;
  readonly messageId: number;
  /** What its message answers. In a thread of comments that is the post, whatever is written there. */
  readonly repliesTo?: number;
  readonly module: string;
  /** Its name. */
  readonly command: string;
  /** `callerOf` the message. */
  readonly caller: string;
  /** It steers others, and is none of those that are counted and cancelled. */
  readonly steers: boolean;
  /** The message in which it shows progress and asks, where that is not its own. */
  shownIn?: number;
  /** It is over but for its answer, which is on its way to the chat. */
  isAnswering?: true;
}

/** What is given has to be so; `messageId` is the command's, or that of the message in which it shows progress. */
export type RunFilter = Partial<Pick<CommandRun, 'accountId' | 'chat' | 'module' | 'caller'>> & { messageId?: number };

/** Who calls: `owner`, or the id of somebody else; undefined where Telegram does not say who wrote it. */
export function callerOf(message: Pick<ModuleMessage, 'outgoing' | 'sender'>): string | undefined {
  return message.outgoing ? 'owner' : message.sender?.id;
}

/** What runs now, so that it can be counted, told of and cancelled. */
export class CommandRuns {
  readonly #running = new Map<CommandRun, AbortController>();

  /** An earlier run of the same message is cancelled. `end` has to be called when it is over. */
  begin(run: CommandRun): { signal: AbortSignal; end: () => void } {
    const { accountId, chat, messageId } = run;
    this.cancel({ accountId, chat, messageId }, 'edited');
    const controller = new AbortController();
    this.#running.set(run, controller);
    return { signal: controller.signal, end: () => void this.#running.delete(run) };
  }

  list(filter: RunFilter): CommandRun[] {
    return [...this.#running].filter(([run, { signal }]) => !run.steers && !signal.aborted && fits(run, filter)).map(([run]) => run);
  }

  /** Those that were cancelled; what they show says so. An answer on its way is not stopped, but where the command was edited. */
  cancel(filter: RunFilter, because: CommandCancelled['because'] = 'told'): CommandRun[] {
    const meant = this.list(filter).filter(({ isAnswering }) => isAnswering !== true || because === 'edited');
    for (const run of meant) this.#running.get(run)?.abort(new CommandCancelled(because));
    return meant;
  }
}

function fits(run: CommandRun, { messageId, ...same }: RunFilter): boolean {
  if (messageId !== undefined && messageId !== run.messageId && messageId !== run.shownIn) return false;
  return Object.entries(same).every(([key, value]) => run[key as keyof typeof same] === value);
}

/** The chat of a message as runs name it. */
export function chatOf(message: Pick<ModuleMessage, 'chat'>): string {
  return peerKey(message.chat);
}

import type { Clock } from '../../supervisor/clock.js';
import type { ModuleMessage } from '../contract/module-message.js';
import { callerOf, chatOf, type CommandRun } from './command-runs.js';

const ANSWER_WITHIN_MS = 120_000;

interface Question {
  run: CommandRun;
  answer(yes: boolean): void;
}

/** Questions of commands that wait for a yes or no of the person who called. */
export class Confirmations {
  readonly #clock: Clock;
  readonly #open: Question[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with the answer; false where there is none in two minutes. Rejects when aborted. */
  async ask(run: CommandRun, signal: AbortSignal): Promise<boolean> {
    const waiting = new AbortController();
    const giveUp = (): void => waiting.abort(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    let answer = false;
    const question: Question = {
      run,
      answer: (yes) => {
        answer = yes;
        waiting.abort(ANSWERED);
      },
    };
    this.#open.push(question);
    try {
      signal.throwIfAborted();
      await this.#clock.sleep(ANSWER_WITHIN_MS, waiting.signal);
      return false;
    } catch (error) {
      if (error === ANSWERED) return answer;
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#open.splice(this.#open.indexOf(question), 1);
    }
  }

  /**
   * Answers the question that the message replies to; where it is no reply, or one to what the command itself replied to, the newest
   * that its writer was asked there. False where nothing is asked there.
   */
  answer(message: Pick<ModuleMessage, 'accountId' | 'chat' | 'outgoing' | 'sender' | 'replyToMessageId'>, yes: boolean): boolean {
    const asked = this.#open.filter(
      ({ run }) => run.accountId === message.accountId && run.chat === chatOf(message) && run.caller === callerOf(message),
    );
    const meant = message.replyToMessageId;
    const question = asked.findLast(({ run }) => meant === undefined || [run.messageId, run.shownIn, run.repliesTo].includes(meant));
    question?.answer(yes);
    return question !== undefined;
  }
}

const ANSWERED = new Error('answered');

import * as input from 'input';
import { AppError } from '../errors.js';
import type { Prompter } from './prompter.js';

/** The person pressed Ctrl-C at a question. */
export class PromptCancelledError extends AppError {}

const CTRL_C = '\u0003';

/**
 * Asks through the package `input`. At Ctrl-C that one closes its line and then waits for ever (the terminal is in raw
 * mode, so no signal comes either): the key is watched for here.
 */
export const terminalPrompter: Prompter = {
  text: (question, signal) => answered(() => input.text(question), signal),
  password: (question, signal) => answered(() => input.password(question), signal),
};

function answered(ask: () => Promise<string | undefined>, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = (): void => {
      process.stdin.off('data', onData);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const onData = (bytes: Buffer | string): void => {
      if (bytes.toString().includes(CTRL_C)) fail(new PromptCancelledError('cancelled at the terminal'));
    };
    const onAbort = (): void => fail(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    ask().then((answer) => {
      end();
      resolve(answer ?? '');
    }, fail);
    process.stdin.on('data', onData);
  });
}

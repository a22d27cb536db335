import { errorText } from '../../../errors.js';
import type { WorkerAnswer } from './worker-process.js';

/**
 * In a `WorkerProcess`: answers what the parent asks, with the time that the answer took. It ends with all that it has
 * started when the parent is gone.
 */
export function answerQuestions(answer: (question: unknown) => Promise<string>): void {
  process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
  const send = (message: WorkerAnswer): void => void process.send?.(message);
  process.on('message', (question) => {
    const startedAtMs = performance.now();
    answer(question).then(
      (text) => send({ ms: performance.now() - startedAtMs, text }),
      (error: unknown) => send({ failed: errorText(error) }),
    );
  });
}

import type { RpcAnswer } from '../rpc.js';
import { constructors } from './constructors.js';
import { tlInt, tlLong } from './tl-writer.js';

/** The bytes of what a handler answered: an array becomes a vector, a bare number an int, a big integer a long. */
export function serialiseAnswer(answer: RpcAnswer): Buffer {
  if (typeof answer === 'boolean') return tlInt(answer ? constructors.boolTrue : constructors.boolFalse);
  if (typeof answer === 'number') return tlInt(answer);
  if (Array.isArray(answer)) {
    return Buffer.concat([tlInt(constructors.vector), tlInt(answer.length), ...answer.map(serialiseAnswer)]);
  }
  if ('getBytes' in answer) return answer.getBytes();
  return tlLong(BigInt(answer.toString()));
}

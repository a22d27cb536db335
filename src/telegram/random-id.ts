import { createHash, randomBytes } from 'node:crypto';

/** A `random_id` of MTProto, a decimal signed 64-bit number, that no message had before. */
export function freshRandomId(): string {
  return randomBytes(8).readBigInt64LE(0).toString();
}

/** The `random_id` of what `name` names: the same in every try of every process, so that Telegram takes it once. */
export function randomIdNamed(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64LE(0).toString();
}

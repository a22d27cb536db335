import type { ValueSchema } from '../contract/value-schema.js';

/** Whether its values are never shown, echoed or logged. */
export function isSecret(schema: ValueSchema): boolean {
  return schema.kind === 'secret' || (schema.kind === 'list' && schema.of.kind === 'secret');
}

import type { ValueOf, ValueSchema } from '../contract/value-schema.js';
import { isSecret } from './is-secret.js';
import { kindOf } from './kind-of.js';
import { SECRET_MASK } from './kinds/secret-kind.js';

/** The one written form of a value, which `readValue` takes again; of a secret only that there is one. */
export function writeValue<V extends ValueSchema>(schema: V, value: ValueOf<V>): string {
  if (isSecret(schema) && schema.kind === 'list') return (value as readonly unknown[]).length === 0 ? kindOf(schema).write(value) : SECRET_MASK;
  return kindOf(schema).write(value);
}

import type { ValueSchema } from '../contract/value-schema.js';
import { kindOf } from './kind-of.js';

/** Whether a value of JSON (a default, something stored) is one that the schema takes, in its normal form. */
export function fitsValue(schema: ValueSchema, value: unknown): boolean {
  return kindOf(schema).fits(value);
}

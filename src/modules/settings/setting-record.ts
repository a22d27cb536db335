import { isSecret } from '../values/is-secret.js';
import { fitsValue } from '../values/fits-value.js';
import type { SettingDefinition } from '../contract/setting-definition.js';
import type { SecretSeal } from './settings-ports.js';

const SEALED = 'sealed:';

/** A setting's value as it is kept: JSON, sealed where it is a secret. */
export async function recordOf(definition: SettingDefinition, value: unknown, seal: SecretSeal, purpose: string): Promise<string> {
  const json = JSON.stringify(value);
  return isSecret(definition) ? SEALED + (await seal.seal(purpose, json)) : json;
}

/** The value of a record; undefined where it cannot be read, or is none that the setting takes now. */
export async function valueOfRecord(definition: SettingDefinition, record: string, seal: SecretSeal, purpose: string): Promise<unknown> {
  const isSealed = record.startsWith(SEALED);
  if (isSealed !== isSecret(definition)) return undefined;
  const json = isSealed ? await seal.open(purpose, record.slice(SEALED.length)) : record;
  const value = parsed(json ?? '');
  return fitsValue(definition, value) ? value : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Not written by this program, or a secret whose key is gone: as good as nothing.
    return undefined;
  }
}

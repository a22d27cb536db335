import type { ScalarSchema, ValueSchema } from '../contract/value-schema.js';
import { booleanKind } from './kinds/boolean-kind.js';
import { choiceKind, choicesKind } from './kinds/choice-kind.js';
import { durationKind } from './kinds/duration-kind.js';
import { emojiKind } from './kinds/emoji-kind.js';
import { languagesKind } from './kinds/languages-kind.js';
import { linkKind } from './kinds/link-kind.js';
import { listKind } from './kinds/list-kind.js';
import { numberKind } from './kinds/number-kind.js';
import { peerKind, telegramIdKind } from './kinds/peer-kind.js';
import { regexpKind } from './kinds/regexp-kind.js';
import { secretKind } from './kinds/secret-kind.js';
import { stringKind, wordKind } from './kinds/string-kind.js';
import { timeZoneKind } from './kinds/time-zone-kind.js';
import type { ValueKind } from './value-kind.js';

/** The kind of a schema, within the schema's bounds. */
export function kindOf(schema: ValueSchema): ValueKind<unknown> {
  if (schema.kind === 'list') return listKind(scalarKind(schema.of), schema.maxItems);
  return schema.kind === 'choices' ? choicesKind(schema.options) : scalarKind(schema);
}

function scalarKind(schema: ScalarSchema): ValueKind<unknown> {
  switch (schema.kind) {
    case 'boolean':
      return booleanKind;
    case 'integer':
    case 'number':
      return numberKind(schema);
    case 'string':
      return stringKind(schema);
    case 'choice':
      return choiceKind(schema.options);
    case 'duration':
      return durationKind(schema);
    default:
      return simpleKinds[schema.kind];
  }
}

const simpleKinds = {
  word: wordKind,
  regexp: regexpKind,
  link: linkKind,
  'telegram-id': telegramIdKind,
  peer: peerKind,
  emoji: emojiKind,
  languages: languagesKind,
  'time-zone': timeZoneKind,
  secret: secretKind,
} satisfies Record<string, ValueKind<string>>;

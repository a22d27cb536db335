import { z } from 'zod';
import { capabilities, type Capability } from '../contract/capabilities.js';
import { moduleName, moduleVersion } from './manifest.js';

/**
 * What a module says of itself from inside the boundary: data alone, bounded here. Whether its names, texts and defaults are as
 * a module's should be is what `check-module.ts` says of every module.
 */
const text = (max: number) => z.string().max(max);
const localized = <T extends z.ZodType>(of: T) => z.strictObject({ en: of, ru: of });
const key = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/);
const few = 64;

const options = z.array(text(100)).min(1).max(few);
const plain = z.strictObject({
  kind: z.enum(['boolean', 'word', 'regexp', 'link', 'telegram-id', 'peer', 'emoji', 'languages', 'time-zone', 'secret']),
});
const scalars = [
  plain,
  z.strictObject({ kind: z.enum(['integer', 'number']), min: z.number().optional(), max: z.number().optional() }),
  z.strictObject({ kind: z.literal('string'), minLength: z.number().optional(), maxLength: z.number().optional() }),
  z.strictObject({ kind: z.literal('choice'), options }),
  z.strictObject({ kind: z.literal('duration'), minMs: z.number().optional(), maxMs: z.number().optional() }),
] as const;
const lists = [
  z.strictObject({ kind: z.literal('choices'), options }),
  z.strictObject({ kind: z.literal('list'), of: z.discriminatedUnion('kind', scalars), maxItems: z.number().optional() }),
] as const;
const kinds = [...scalars, ...lists] as const;

/** Every kind of value with the same fields beside it. */
function valueWith(shape: z.ZodRawShape) {
  const [first, ...rest] = kinds.map((kind) => z.strictObject({ ...kind.shape, ...shape }));
  return z.union([first as z.ZodType<{ kind: string }>, ...(rest as z.ZodType<{ kind: string }>[])]);
}

const label = localized(text(60));
const line = localized(text(300));
const json = z.json();

const command = z.strictObject({
  name: key,
  aliases: z.array(text(32)).max(10).optional(),
  about: localized(
    z.strictObject({
      summary: text(200),
      details: text(2000).optional(),
      examples: z.array(z.strictObject({ type: text(200), does: text(300) })).max(20),
    }),
  ),
  args: z.record(key, valueWith({ label, optional: z.literal(true).optional(), rest: z.literal(true).optional(), fromReply: z.literal(true).optional() })).optional(),
  flags: z.record(key, valueWith({ short: text(1).optional(), about: line })).optional(),
  access: z.enum(['grantable', 'owner', 'typed']).optional(),
  secret: z.union([z.literal(true), z.literal('perhaps')]).optional(),
  deadlineMs: z.number().int().min(1000).max(600_000).optional(),
});

const without = z.enum(['without', 'with', 'only']);
const filter = z.strictObject({
  direction: z.enum(['incoming', 'outgoing']).optional(),
  chatKinds: z.array(z.enum(['private', 'group', 'supergroup', 'channel'])).max(4).optional(),
  chats: z.array(text(24)).max(500).optional(),
  from: z.array(text(20)).max(500).optional(),
  media: z.union([z.enum(['none', 'any']), z.array(z.enum(['voice', 'video-note', 'audio', 'video'])).max(4)]).optional(),
  text: z.strictObject({ startsWith: text(200).optional(), endsWith: text(200).optional(), contains: text(200).optional(), matches: text(500).optional() }).optional(),
  edits: without.optional(),
  forwards: without.optional(),
  replies: z.enum(['without', 'only']).optional(),
});

export const foreignDescription = z.strictObject({
  name: moduleName,
  version: moduleVersion,
  about: localized(z.strictObject({ title: text(60), summary: text(300) })),
  uses: z.array(z.enum(capabilities as readonly [Capability, ...Capability[]])).max(capabilities.length),
  settings: z.record(key, valueWith({ default: json, about: line, restart: z.literal(true).optional() })),
  commands: z.array(command).max(few),
  watchers: z.array(z.strictObject({ name: key, filter })).max(16),
  /** Null where the module says how often while it runs. */
  tasks: z.array(z.strictObject({ name: key, everyMs: z.number().int().min(1000).nullable() })).max(16),
  migrations: z.number().int().min(0).max(100),
  settingsChanged: z.boolean(),
});

export type ForeignDescription = z.infer<typeof foreignDescription>;

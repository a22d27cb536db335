import { z } from 'zod';
import { BackupError } from './backup-error.js';

const FORMAT = 1;

const sectionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hash'), fields: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('string'), value: z.string().nullable() }),
]);

const contentSchema = z.object({
  program: z.literal('gramscribe'),
  format: z.literal(FORMAT),
  version: z.string(),
  account: z.string(),
  madeAtMs: z.number(),
  sections: z.record(z.string(), sectionSchema),
});

const formatSchema = z.object({ program: z.literal('gramscribe'), format: z.int() });

/** One thing that is kept: all of it, so that restoring puts it in the place of what is there. */
export type BackupSection = z.infer<typeof sectionSchema>;

/** By name: `tracked`, `module-store/notes`. */
export type BackupSections = Readonly<Record<string, BackupSection>>;

/** What a backup holds. */
export type BackupContent = z.infer<typeof contentSchema>;

export function writeContent(content: Omit<BackupContent, 'program' | 'format'>): Buffer {
  return Buffer.from(JSON.stringify({ program: 'gramscribe', format: FORMAT, ...content }));
}

/** @throws BackupError where it is of a newer version, or not what this program writes */
export function readContent(json: Uint8Array): BackupContent {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(json).toString());
  } catch (error) {
    throw new BackupError('content', { cause: error });
  }
  const format = formatSchema.safeParse(value);
  if (format.success && format.data.format > FORMAT) throw new BackupError('newer');
  const content = contentSchema.safeParse(value);
  if (!content.success) throw new BackupError('content', { cause: content.error });
  return content.data;
}

import type { z } from 'zod';

/** What was stored as JSON; undefined where there is nothing, or something that this program did not write. */
export function storedJson<T>(schema: z.ZodType<T>, json: string | null | undefined): T | undefined {
  const parsed = schema.safeParse(anyJson(json ?? ''));
  return parsed.success ? parsed.data : undefined;
}

function anyJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Cut off, or written by somebody else's hand: as good as nothing.
    return undefined;
  }
}

/** A count that was stored as text; 0 where it is no count. */
export function storedCount(text: string | null | undefined): number {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
}

import { z } from 'zod';

/**
 * What became of the wish for another model. `absent`: known, not on this machine. `failed`: it was there and could not be
 * used, for `reason`; `kept` is still in use.
 */
export const modelAnswerShape = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('switched'), model: z.string() }),
  z.object({ outcome: z.literal('in-use'), model: z.string() }),
  z.object({ outcome: z.literal('unknown'), model: z.string(), nearest: z.string().optional() }),
  z.object({ outcome: z.literal('absent'), model: z.string() }),
  z.object({
    outcome: z.literal('failed'),
    model: z.string(),
    kept: z.string(),
    reason: z.enum(['text', 'slow', 'died', 'memory', 'damaged', 'engine', 'other']),
  }),
]);

export type ModelAnswer = z.infer<typeof modelAnswerShape>;
export type ModelFailure = Extract<ModelAnswer, { outcome: 'failed' }>['reason'];

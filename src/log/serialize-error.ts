import { AppError } from '../errors.js';

/** An error as it is logged. */
export interface SerializedError {
  type: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: SerializedError | string;
}

/**
 * Type, message, code and causes, and the stack of an error that nobody foresaw; nothing else. Library errors carry whole requests (with the text that was being
 * sent, or the code that was being signed in with) as properties, so unknown properties are never copied.
 */
export function serializeError(error: unknown, depth = 0): SerializedError | string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `not an error: ${typeof error}`;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack !== undefined && depth === 0 && !(error instanceof AppError) ? { stack: error.stack } : {}),
    ...(error.cause !== undefined && depth < 5
      ? { cause: serializeError(error.cause, depth + 1) }
      : {}),
  };
}

import type { Logger as PinoLogger } from 'pino';

/** The one logger type: pino's. Children are made per account, chat and job with `log.child({ … })`. */
export type Logger = PinoLogger;

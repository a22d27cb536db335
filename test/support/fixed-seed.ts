import fc from 'fast-check';

/**
 * Property tests draw the same cases every day, so that a failure is the change's and not the day's. To look for new ones:
 * `FAST_CHECK_SEED=$RANDOM npx vitest run test/punctuation`; what is found becomes a row of its own.
 */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_121) });

/** EX_CONFIG of sysexits(3): the owner has to change something before a new start makes sense. */
export const EXIT_CONFIG = 78;
/** EX_TEMPFAIL of sysexits(3): start me anew. */
export const EXIT_RESTART = 75;
export const EXIT_FAILURE = 1;

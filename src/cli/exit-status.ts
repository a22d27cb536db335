/** EX_CONFIG of sysexits(3): the owner has to change something before a new start makes sense. */
export const EXIT_CONFIG = 78;
export const EXIT_FAILURE = 1;

/** At most that much of a file crosses the boundary, in either direction. */
export const MAX_FILE_BYTES = 2_000_000;

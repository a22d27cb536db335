import bigInt from 'big-integer';

/** Buffers above this are shown by their length alone. */
const BYTES_SHOWN = 1024;
const INTERNAL = new Set(['CONSTRUCTOR_ID', 'SUBCLASS_OF_ID', 'classType', 'className', 'originalArgs', 'flags', 'flags2']);

/** A TL value as plain JSON for people to read: `_` is the constructor, longs are strings, bytes are base64. */
export function tlJson(value: unknown): unknown {
  if (bigInt.isInstance(value) || typeof value === 'bigint') return value.toString();
  if (Buffer.isBuffer(value)) return value.length > BYTES_SHOWN ? { bytes: value.length } : value.toString('base64');
  if (Array.isArray(value)) return value.map(tlJson);
  if (typeof value !== 'object' || value === null) return value;
  const name = 'className' in value ? { _: value.className } : {};
  const args = 'originalArgs' in value ? (value.originalArgs as object) : value;
  const shown = Object.entries(args).filter(
    ([key, field]) => !INTERNAL.has(key) && field !== null && field !== undefined && field !== false,
  );
  return { ...name, ...Object.fromEntries(shown.map(([key, field]) => [key, tlJson(field)])) };
}

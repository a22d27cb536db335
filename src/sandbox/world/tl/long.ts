import bigInt from 'big-integer';

/** A 64-bit number as the client library's TL classes want it. */
export function long(value: string | number | bigint): bigInt.BigInteger {
  return bigInt(value.toString());
}

import { constants, createHash, privateDecrypt } from 'node:crypto';
import { decryptIge, xor } from './aes-ige.js';
import { BrokenPacket } from './broken-packet.js';
import type { RsaKeyPair } from './rsa-key-pair.js';

const IV = Buffer.alloc(32);

/**
 * Undoes RSA_PAD of https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication: raw RSA,
 * then temp_key = temp_key_xor ^ SHA256(aes_encrypted), AES-IGE, the data reversed, its hash compared.
 * Returns the data with its padding, 192 bytes; `BrokenPacket` where it was not made for this key.
 */
export function decryptRsaPad(encrypted: Buffer, rsa: RsaKeyPair): Buffer {
  if (encrypted.length !== 256) throw new BrokenPacket(`encrypted_data of ${encrypted.length} bytes`);
  if (BigInt(`0x${encrypted.toString('hex')}`) >= rsa.modulus) throw new BrokenPacket('encrypted_data is above the modulus');
  const padded = privateDecrypt({ key: rsa.privateKey, padding: constants.RSA_NO_PADDING }, encrypted);
  const aesEncrypted = padded.subarray(32);
  const tempKey = xor(padded.subarray(0, 32), createHash('sha256').update(aesEncrypted).digest());
  const dataWithHash = decryptIge(aesEncrypted, tempKey, IV);
  const data = Buffer.from(dataWithHash.subarray(0, 192)).reverse();
  const hash = createHash('sha256').update(tempKey).update(data).digest();
  if (!hash.equals(dataWithHash.subarray(192))) throw new BrokenPacket('encrypted_data has another hash');
  return data;
}

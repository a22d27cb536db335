import { createHash } from 'node:crypto';
import { Api } from 'telegram';
import { RpcFault } from '../rpc.js';

/** Largest part, and what a part's size must be a multiple of and divide (core.telegram.org/api/files). */
const PART_SIZE_MAX = 512 * 1024;
const PART_SIZE_UNIT = 1024;
const PARTS_MAX = 4000;

/** The parts of files that are being uploaded. */
export class UploadStore {
  private readonly uploads = new Map<string, Map<number, Buffer>>();

  /** @throws {RpcFault} FILE_PART_INVALID, FILE_PART_EMPTY, FILE_PART_TOO_BIG. */
  savePart(userId: string, part: { fileId: string; index: number; bytes: Buffer }): void {
    if (part.index < 0 || part.index >= PARTS_MAX) throw new RpcFault(400, 'FILE_PART_INVALID');
    if (part.bytes.length === 0) throw new RpcFault(400, 'FILE_PART_EMPTY');
    if (part.bytes.length > PART_SIZE_MAX) throw new RpcFault(400, 'FILE_PART_TOO_BIG');
    const key = `${userId}/${part.fileId}`;
    const parts = this.uploads.get(key) ?? new Map<number, Buffer>();
    this.uploads.set(key, parts.set(part.index, part.bytes));
  }

  /** Puts the parts together and forgets them. @throws {RpcFault} FILE_PART_n_MISSING, FILE_PART_SIZE_INVALID … */
  assemble(userId: string, file: Api.TypeInputFile): Buffer {
    if (file instanceof Api.InputFileStoryDocument) throw new RpcFault(400, 'MEDIA_INVALID');
    if (file.parts < 1 || file.parts > PARTS_MAX) throw new RpcFault(400, 'FILE_PARTS_INVALID');
    const key = `${userId}/${file.id.toString()}`;
    const parts = this.uploads.get(key) ?? new Map<number, Buffer>();
    const inOrder = Array.from({ length: file.parts }, (_, index) => {
      const part = parts.get(index);
      if (!part) throw new RpcFault(400, `FILE_PART_${index}_MISSING`);
      return part;
    });
    assertSizes(inOrder);
    const bytes = Buffer.concat(inOrder);
    if (file instanceof Api.InputFile && file.md5Checksum !== '') assertChecksum(bytes, file.md5Checksum);
    this.uploads.delete(key);
    return bytes;
  }
}

/** All parts but the last are of one size. */
function assertSizes(parts: readonly Buffer[]): void {
  const size = parts[0]?.length ?? 0;
  if (parts.length === 1) return;
  if (size % PART_SIZE_UNIT !== 0 || PART_SIZE_MAX % size !== 0) throw new RpcFault(400, 'FILE_PART_SIZE_INVALID');
  const others = parts.slice(0, -1).some((part) => part.length !== size);
  if (others || (parts.at(-1)?.length ?? 0) > size) throw new RpcFault(400, 'FILE_PART_SIZE_CHANGED');
}

function assertChecksum(bytes: Buffer, md5: string): void {
  if (createHash('md5').update(bytes).digest('hex') !== md5.toLowerCase()) {
    throw new RpcFault(400, 'MD5_CHECKSUM_INVALID');
  }
}

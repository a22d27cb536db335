import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';

const UNIT = 4096;
const PRECISE_UNIT = 1024;
/** A part may not cross a boundary of this many bytes. */
const FRAME = 1024 * 1024;

/** Files in parts, both ways: core.telegram.org/api/files. */
export const fileMethods: Methods<UserCall> = {
  'upload.SaveFilePart': ({ fileId, filePart, bytes }, { uploads, user }) => {
    uploads.savePart(user.id, { fileId: fileId.toString(), index: filePart, bytes });
    return true;
  },

  'upload.SaveBigFilePart': ({ fileId, filePart, bytes }, { uploads, user }) => {
    uploads.savePart(user.id, { fileId: fileId.toString(), index: filePart, bytes });
    return true;
  },

  'upload.GetFile': (request, { world, caller }) => {
    const { location } = request;
    if (!(location instanceof Api.InputDocumentFileLocation)) throw new RpcFault(400, 'LOCATION_INVALID');
    const { id, accessHash, fileReference } = location;
    const document = world.documents.find(id.toString(), accessHash.toString(), fileReference);
    if (document.dcId !== caller.dcId) throw new RpcFault(303, `FILE_MIGRATE_${document.dcId}`);
    const { offset, limit } = checkRange(Number(request.offset.toString()), request.limit, request.precise === true);
    return new Api.upload.File({
      type: new Api.storage.FileUnknown(),
      mtime: document.dateSec,
      bytes: document.bytes.subarray(offset, offset + limit),
    });
  },
};

/**
 * Without `precise`: offset and limit divisible by 4 KB, 1 MB divisible by limit. With it: divisible by 1 KB, limit at
 * most 1 MB. In both cases the part lies within one megabyte counted from the file's beginning.
 */
function checkRange(offset: number, limit: number, precise: boolean): { offset: number; limit: number } {
  const unit = precise ? PRECISE_UNIT : UNIT;
  if (offset < 0 || offset % unit !== 0) throw new RpcFault(400, 'OFFSET_INVALID');
  const divides = precise || FRAME % limit === 0;
  if (limit <= 0 || limit > FRAME || limit % unit !== 0 || !divides) throw new RpcFault(400, 'LIMIT_INVALID');
  if (Math.floor(offset / FRAME) !== Math.floor((offset + limit - 1) / FRAME)) throw new RpcFault(400, 'LIMIT_INVALID');
  return { offset, limit };
}

import { randomBytes } from 'node:crypto';
import { RpcFault } from '../rpc.js';
import type { WorldDocument } from './model.js';

type GivenFields = 'kind' | 'bytes' | 'claimedBytes' | 'mimeType' | 'durationSec' | 'fileName' | 'title' | 'performer' | 'waveform';

/** A file to be stored; what is left out is filled in. */
export interface NewDocument extends Pick<WorldDocument, GivenFields> {
  width?: number;
  height?: number;
  /** Where it is stored; 2 is everybody's home. */
  dcId?: 2 | 4;
}

/** Marks a reference as one that the sandbox made. */
const REFERENCE_MAGIC = 0x01;

/** The stored files, and the references under which they may be asked for. */
export class DocumentStore {
  private readonly documents = new Map<string, WorldDocument>();

  constructor(private readonly nowSec: () => number) {}

  add(file: NewDocument): WorldDocument {
    const square = file.kind === 'video-note' ? 384 : 0;
    const document: WorldDocument = {
      ...file,
      id: (randomBytes(8).readBigUInt64LE() >> 2n).toString(),
      accessHash: randomBytes(8).readBigInt64LE().toString(),
      width: file.width ?? square,
      height: file.height ?? square,
      dcId: file.dcId ?? 2,
      dateSec: this.nowSec(),
      referenceGeneration: 1,
    };
    this.documents.set(document.id, document);
    return document;
  }

  all(): WorldDocument[] {
    return [...this.documents.values()];
  }

  /** The reference that a message which is read now shows. */
  referenceOf(document: WorldDocument): Buffer {
    const reference = Buffer.alloc(21);
    reference.writeUInt8(REFERENCE_MAGIC, 0);
    reference.writeUInt32BE(document.referenceGeneration, 1);
    reference.writeBigUInt64BE(BigInt(document.id), 5);
    reference.writeBigInt64BE(BigInt(document.accessHash), 13);
    return reference;
  }

  /** Every reference given out so far is expired from now on. */
  expireReferences(document: WorldDocument): void {
    document.referenceGeneration += 1;
  }

  /** The document that a client asks for; refuses as Telegram does where id, hash or reference are not right. */
  find(id: string, accessHash: string, reference: Buffer): WorldDocument {
    const document = this.documents.get(id);
    if (!document) throw new RpcFault(400, 'FILE_ID_INVALID');
    if (document.accessHash !== accessHash) throw new RpcFault(400, 'LOCATION_INVALID');
    if (reference.length === 0) throw new RpcFault(400, 'FILE_REFERENCE_EMPTY');
    if (reference.length !== 21 || reference.readBigUInt64BE(5) !== BigInt(id)) {
      throw new RpcFault(400, 'FILE_REFERENCE_INVALID');
    }
    if (reference.readUInt32BE(1) !== document.referenceGeneration) throw new RpcFault(400, 'FILE_REFERENCE_EXPIRED');
    return document;
  }
}

import { Api } from 'telegram';
import { RpcFault } from '../rpc.js';
import type { UserCall } from './call.js';
import type { NewDocument } from './document-store.js';
import type { MediaKind, WorldDocument } from './model.js';

/** The file that a client sends: newly uploaded, or one that is stored already. */
export function documentOf({ world, user, uploads }: UserCall, media: unknown): WorldDocument {
  if (media instanceof Api.InputMediaDocument && media.id instanceof Api.InputDocument) {
    const { id, accessHash, fileReference } = media.id;
    return world.documents.find(id.toString(), accessHash.toString(), fileReference);
  }
  if (media instanceof Api.InputMediaUploadedDocument) {
    const bytes = uploads.assemble(user.id, media.file);
    return world.documents.add(describe(media, bytes));
  }
  if (media instanceof Api.InputMediaUploadedPhoto) return world.documents.add(picture(uploads.assemble(user.id, media.file)));
  throw new RpcFault(400, 'MEDIA_INVALID');
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PHOTO_BYTES_MAX = 10 * 1024 * 1024;

/** Telegram keeps pictures in sizes of its own; here they stay as they were sent. @throws {RpcFault} PHOTO_SAVE_FILE_INVALID … */
function picture(bytes: Buffer): NewDocument {
  if (bytes.length > PHOTO_BYTES_MAX) throw new RpcFault(400, 'PHOTO_SAVE_FILE_INVALID');
  const common = { kind: 'photo', bytes, durationSec: 0 } as const;
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) return { ...common, mimeType: 'image/jpeg' };
  if (!bytes.subarray(0, PNG.length).equals(PNG) || bytes.length < 24) throw new RpcFault(400, 'IMAGE_PROCESS_FAILED');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width + height > 10_000 || Math.max(width / height, height / width) > 20) throw new RpcFault(400, 'PHOTO_INVALID_DIMENSIONS');
  return { ...common, mimeType: 'image/png', width, height };
}

/** Telegram tells the kinds apart by their attributes. */
function describe(media: Api.InputMediaUploadedDocument, bytes: Buffer): NewDocument {
  const audio = media.attributes.find((each) => each instanceof Api.DocumentAttributeAudio);
  const video = media.attributes.find((each) => each instanceof Api.DocumentAttributeVideo);
  const name = media.attributes.find((each) => each instanceof Api.DocumentAttributeFilename);
  return {
    kind: kindOf(audio, video),
    bytes,
    mimeType: media.mimeType,
    durationSec: video?.duration ?? audio?.duration ?? 0,
    ...(video ? { width: video.w, height: video.h } : {}),
    ...(audio?.title ? { title: audio.title } : {}),
    ...(audio?.performer ? { performer: audio.performer } : {}),
    ...(audio?.waveform ? { waveform: audio.waveform } : {}),
    ...(name ? { fileName: name.fileName } : {}),
  };
}

function kindOf(audio?: Api.DocumentAttributeAudio, video?: Api.DocumentAttributeVideo): MediaKind {
  if (video) return video.roundMessage ? 'video-note' : 'video';
  if (audio) return audio.voice ? 'voice' : 'audio';
  return 'file';
}

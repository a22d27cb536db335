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
  throw new RpcFault(400, 'MEDIA_INVALID');
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

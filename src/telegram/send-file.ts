import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { PermanentError, RetryableError } from '../errors.js';
import { inputPeer } from './input-peer.js';
import { codeOf, messageEntities, replyTo, type SendDeps, sentMessage } from './send-text.js';
import { MAX_UPLOAD_BYTES, type OutgoingFile, type SentMessage } from './telegram-gateway.js';
import { uploadFile, type UploadDeps } from './upload-file.js';

/** See `TelegramGateway.sendFile`. */
export async function sendFile(deps: SendDeps & UploadDeps, outgoing: OutgoingFile, signal: AbortSignal): Promise<SentMessage> {
  const { chat, file, caption = { text: '', entities: [] }, replyToMessageId, randomId } = outgoing;
  const { length } = file.bytes;
  if (length > MAX_UPLOAD_BYTES) throw new PermanentError('too-large', `${length} bytes are over ${MAX_UPLOAD_BYTES}`);
  if (length === 0) throw new PermanentError('internal', 'Telegram takes no empty file');
  const request = new Api.messages.SendMedia({
    peer: inputPeer(chat),
    media: inputMedia(file, await uploadFile(deps, file, signal)),
    message: caption.text,
    entities: messageEntities(caption),
    randomId: returnBigInt(randomId),
    ...replyTo(replyToMessageId),
  });
  try {
    return sentMessage(await deps.call(request, signal), { randomId, text: caption });
  } catch (error) {
    if (codeOf(error) !== 'RANDOM_ID_DUPLICATE') throw error;
    // By the next try Telegram tells which message it was.
    throw new RetryableError('an earlier attempt to send this is still under way', undefined, { cause: error });
  }
}

function inputMedia({ as, mimeType, name }: OutgoingFile['file'], file: Api.TypeInputFile): Api.TypeInputMedia {
  if (as === 'photo') return new Api.InputMediaUploadedPhoto({ file });
  const attributes = [new Api.DocumentAttributeFilename({ fileName: name })];
  return new Api.InputMediaUploadedDocument({ file, mimeType, attributes, forceFile: true });
}

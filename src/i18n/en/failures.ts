import type { FailureReason } from '../../errors.js';

/** What the person in the chat reads when a voice could not be written down. */
export const failures: Record<FailureReason, string> = {
  'broken-audio': '⚠️ Could not write this down: the audio is damaged.',
  'no-audio': '⚠️ Could not write this down: there is no sound in the file.',
  'too-large': '⚠️ Could not write this down: the file is too large.',
  'too-long': '⚠️ Could not write this down: the recording is too long.',
  deleted: '⚠️ Could not write this down: the message was deleted.',
  'cannot-write': '⚠️ Could not answer in this chat.',
  engine: '⚠️ Could not write this down: speech recognition failed.',
  download: '⚠️ Could not write this down: the audio could not be downloaded.',
  'no-space': '⚠️ Could not write this down: the disk here is full.',
  internal: '⚠️ Could not write this down: an error on my side.',
};

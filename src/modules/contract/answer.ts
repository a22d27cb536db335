import type { TextEntity } from '../../telegram/formatted-text.js';

/** A file in memory; at most 50 MB. */
export interface AnswerFile {
  name: string;
  mimeType: string;
  bytes: Uint8Array;
  /** As a picture that is shown in the chat, or as a document. */
  as?: 'document' | 'photo';
}

/** What a command leaves in the chat. */
export interface RichAnswer {
  text?: string;
  /** Styles of the text; offsets count UTF-16 units. */
  entities?: readonly TextEntity[];
  file?: AnswerFile;
  /** The command message is deleted, since what was typed is nobody's business; the answer is a message of its own. */
  deleteCommand?: true;
}

/**
 * The answer takes the place of the owner's command message; to others it is a reply. A text over Telegram's limit is split
 * or sent as a file. Undefined: nothing is said.
 */
export type Answer = string | RichAnswer | undefined;

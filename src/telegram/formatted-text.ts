/** A piece of text with a style; offset and length count UTF-16 units, as Telegram does. */
export interface TextEntity {
  type: 'bold' | 'italic' | 'code' | 'pre' | 'quote' | 'collapsed-quote' | 'spoiler';
  offset: number;
  length: number;
}

/** Text as it is sent: no mark-up language, so nothing that a person said can break it. */
export interface FormattedText {
  text: string;
  entities: TextEntity[];
}

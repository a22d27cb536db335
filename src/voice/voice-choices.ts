/** What the owner chooses at run time about voices as a whole. */
export interface VoiceChoices {
  /** Where the owner's own voices are written down. */
  own: 'nowhere' | 'private' | 'groups' | 'everywhere';
  /** Where those of tracked people and chats are. */
  incoming: 'nowhere' | 'private' | 'groups' | 'everywhere';
  /** Which files are voices, too. */
  files: 'none' | 'audio' | 'video' | 'all';
  /** Longer texts (UTF-16 units) are collapsed quotes. */
  quoteAboveLength: number;
}

/** The choices as they are at each moment: those of the configuration until somebody says where to read them. */
export class VoiceChoicesInForce {
  #read: () => VoiceChoices;

  constructor(defaults: VoiceChoices) {
    this.#read = () => defaults;
  }

  follow(read: () => VoiceChoices): void {
    this.#read = read;
  }

  get current(): VoiceChoices {
    return this.#read();
  }
}

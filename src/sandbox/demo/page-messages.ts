import type { Sandbox } from '../sandbox.js';
import { messageView, type SandboxMedia, type SandboxMessage } from '../control/views.js';
import type { WorldEvent } from '../world/world-events.js';
import type { Scene } from './scene.js';
import { unpackBars } from './waveform.js';
import type { PageEvent, PageMedia, PageMessage, Reference } from './wire.js';

/** The owner's view of the sandbox's messages, as the page shows them. */
export class PageMessages {
  private readonly references = new Map<number, Reference>();
  private readonly typed = new Set<number>();
  private beingSaid: Reference | undefined;
  private isBeingTyped = false;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly scene: Scene,
  ) {}

  all(): PageMessage[] {
    const { sandbox, scene } = this;
    return scene.chats.flatMap(({ key }) => sandbox.messagesOf(key, scene.owner)).map((message) => this.of(message));
  }

  /** What is sent while `act` runs is shown with what is said in it. */
  saying<T>(reference: Reference | undefined, act: () => T): T {
    this.beingSaid = reference;
    try {
      return act();
    } finally {
      this.beingSaid = undefined;
    }
  }

  /** What is sent while `act` runs was typed on the page. */
  typing<T>(act: () => T): T {
    this.isBeingTyped = true;
    try {
      return act();
    } finally {
      this.isBeingTyped = false;
    }
  }

  /** What the page is told of an event; undefined where the owner sees nothing of it. */
  eventOf(event: WorldEvent): PageEvent | undefined {
    if (event.kind === 'read') return undefined;
    if (event.kind === 'typing') return { type: 'typing', chatKey: event.chat.key, personId: event.userId };
    if (event.kind === 'delete') {
      return event.userIds.includes(this.scene.owner.id)
        ? { type: 'delete', keys: event.messages.map(({ key }) => key) }
        : undefined;
    }
    if (!this.scene.chats.some(({ key }) => key === event.message.chat.key)) return undefined;
    if (event.kind === 'message' && this.isBeingTyped) this.typed.add(event.message.key);
    if (event.kind === 'message' && this.beingSaid) this.references.set(event.message.key, this.beingSaid);
    return { type: event.kind, message: this.of(messageView(this.sandbox.world, event.message)) };
  }

  private of(message: SandboxMessage): PageMessage {
    const { key, chatKey, fromUserId, text, entities, dateMs, editedMs, replyToKey, media } = message;
    const reference = this.references.get(key);
    return {
      ...{ key, chatKey, fromUserId, text, entities, dateMs, own: fromUserId === this.scene.owner.id },
      ...(this.typed.has(key) ? { typed: true as const } : {}),
      ...(editedMs === undefined ? {} : { editedMs }),
      ...(replyToKey === undefined ? {} : { replyToKey }),
      ...(media ? { media: mediaOf(media) } : {}),
      ...(reference ? { reference } : {}),
    };
  }
}

function mediaOf({ kind, documentId, mimeType, sizeBytes, durationSec, fileName, waveform }: SandboxMedia): PageMedia {
  return {
    ...{ kind, mimeType, sizeBytes, durationSec, url: `/media/${documentId}` },
    ...(fileName === undefined ? {} : { fileName }),
    ...(waveform === undefined ? {} : { bars: unpackBars(Buffer.from(waveform, 'base64')) }),
  };
}

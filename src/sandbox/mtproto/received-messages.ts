/** What became of a request. */
export interface RequestRecord {
  state: 'running' | 'answered' | 'dropped';
  /** Of the message with the answer. */
  answerId?: bigint;
  /** Whether it ended without an error; never settles where the server stays silent. */
  readonly succeeded: Promise<boolean>;
}

/** One message of the client that was accepted. */
export interface ReceivedMessage {
  msgId: bigint;
  seqNo: number;
  isContainer: boolean;
  /** Set for requests. */
  request?: RequestRecord;
}

const REMEMBERED = 2048;

/**
 * The messages of a session that have been accepted, the last 2048 of them in the order of their ids. Sequence numbers
 * never fall along that order, so a new message needs to be compared with its two neighbours only.
 */
export class ReceivedMessages {
  private readonly sorted: ReceivedMessage[] = [];
  private forgottenUpTo = 0n;

  find(msgId: bigint): ReceivedMessage | undefined {
    const at = this.positionOf(msgId);
    const message = this.sorted[at];
    return message?.msgId === msgId ? message : undefined;
  }

  /** Whether nobody can tell any more if a message with this id had come. */
  isForgotten(msgId: bigint): boolean {
    return msgId <= this.forgottenUpTo;
  }

  get highestId(): bigint | undefined {
    return this.sorted.at(-1)?.msgId;
  }

  /**
   * 32: a message with a lower id had a higher number, or the same odd one; 33: the other way round; undefined: in order.
   */
  seqNoError(msgId: bigint, seqNo: number): 32 | 33 | undefined {
    const at = this.positionOf(msgId);
    const lower = this.sorted[at - 1];
    if (lower && isAfter(lower.seqNo, seqNo)) return 32;
    const higher = this.sorted[at];
    if (higher && isAfter(seqNo, higher.seqNo)) return 33;
    return undefined;
  }

  add(message: ReceivedMessage): void {
    this.sorted.splice(this.positionOf(message.msgId), 0, message);
    if (this.sorted.length > REMEMBERED) this.forgottenUpTo = this.sorted.shift()?.msgId ?? this.forgottenUpTo;
  }

  /** As if it had never come. */
  remove(msgId: bigint): void {
    const at = this.positionOf(msgId);
    if (this.sorted[at]?.msgId === msgId) this.sorted.splice(at, 1);
  }

  /** The first place whose id is not lower. */
  private positionOf(msgId: bigint): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle]?.msgId ?? 0n) < msgId) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isAfter(earlier: number, later: number): boolean {
  return earlier > later || (earlier === later && earlier % 2 === 1);
}

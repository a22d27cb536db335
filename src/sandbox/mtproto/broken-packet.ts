/** What came cannot be a message of MTProto: the connection is closed, with a transport error where there is one. */
export class BrokenPacket extends Error {
  constructor(
    message: string,
    /** Sent as four bytes before the connection is closed; -404: the key is not known. */
    readonly transportError?: number,
  ) {
    super(message);
    this.name = 'BrokenPacket';
  }
}

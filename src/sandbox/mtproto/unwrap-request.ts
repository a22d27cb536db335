import { BinaryReader } from 'telegram/extensions/index.js';
import { constructors } from './constructors.js';
import { TlReader } from './tl-reader.js';

/** A request without what it came wrapped in: https://core.telegram.org/api/invoking. */
export interface UnwrappedRequest {
  /** The TL of the request itself. */
  query: Buffer;
  /** invokeWithLayer's. */
  layer: number | undefined;
  /** It came in initConnection. */
  inits: boolean;
  /** It came in invokeWithoutUpdates. */
  withoutUpdates: boolean;
  /** The messages that are to be done before: invokeAfterMsg, invokeAfterMsgs. */
  after: bigint[];
}

/** Takes the wrappers off, in whatever order they are nested. `BrokenPacket` where one ends too early. */
export function unwrapRequest(body: Buffer): UnwrappedRequest {
  const result: UnwrappedRequest = { query: body, layer: undefined, inits: false, withoutUpdates: false, after: [] };
  for (;;) {
    const reader = new TlReader(result.query);
    switch (reader.uint()) {
      case constructors.invokeWithLayer:
        result.layer = reader.int();
        break;
      case constructors.initConnection:
        skipConnectionDetails(reader);
        result.inits = true;
        break;
      case constructors.invokeWithoutUpdates:
        result.withoutUpdates = true;
        break;
      case constructors.invokeAfterMsg:
        result.after.push(reader.long());
        break;
      case constructors.invokeAfterMsgs:
        result.after.push(...reader.vectorOfLongs());
        break;
      default:
        return result;
    }
    result.query = reader.rest();
  }
}

/** api_id, device, versions, languages, and with flags a proxy and parameters: nobody here needs to know them. */
function skipConnectionDetails(reader: TlReader): void {
  const flags = reader.uint();
  reader.int();
  for (let i = 0; i < 6; i += 1) reader.bytes();
  if (flags & 1) {
    reader.uint();
    reader.bytes();
    reader.int();
  }
  if (flags & 2) skipJson(reader);
}

/** A JSONValue, with its constructor. */
function skipJson(reader: TlReader): void {
  const rest = reader.peekRest();
  const parser = new BinaryReader(rest);
  parser.tgReadObject();
  reader.raw(parser.tellPosition());
}

import type { ServerResponse } from 'node:http';
import type { SandboxEvent } from '../event-views.js';

/** How many events a reader that lost its connection can still be told. */
const KEPT = 500;

/** Server-sent events (html.spec.whatwg.org, "server-sent events"), numbered, so that a reader can go on where it was. */
export class EventStream {
  private readonly readers = new Set<ServerResponse>();
  private readonly kept: { id: number; text: string }[] = [];
  private count = 0;

  /** Takes the connection over. @param lastId the last event that the reader knows, if any. */
  open(response: ServerResponse, lastId: number | undefined): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    if (lastId !== undefined) for (const { id, text } of this.kept) if (id > lastId) response.write(text);
    this.readers.add(response);
    response.once('close', () => this.readers.delete(response));
  }

  send(event: SandboxEvent): void {
    this.count += 1;
    const text = `id: ${this.count}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    this.kept.push({ id: this.count, text });
    if (this.kept.length > KEPT) this.kept.shift();
    for (const reader of this.readers) reader.write(text);
  }

  close(): void {
    for (const reader of this.readers) reader.end();
    this.readers.clear();
  }
}

import type { ServerResponse } from 'node:http';
import type { PageEvent } from './wire.js';

/** Server-sent events (html.spec.whatwg.org, "server-sent events") to every page that is open. */
export class PageStream {
  private readonly pages = new Set<ServerResponse>();

  /** Takes the connection over; its first event is `first`. */
  open(response: ServerResponse, first: PageEvent): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    this.pages.add(response);
    response.once('close', () => this.pages.delete(response));
    // How long the page waits before it comes again, ms.
    response.write('retry: 1000\n\n');
    response.write(asText(first));
  }

  send(event: PageEvent): void {
    for (const page of this.pages) page.write(asText(event));
  }

  close(): void {
    for (const page of this.pages) page.end();
    this.pages.clear();
  }
}

function asText(event: PageEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

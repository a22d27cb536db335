import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryFolder } from './temporary-folder.js';

/** Node.js has no datagram sockets on paths; perl is part of every Debian. `@` begins a name that is no file. */
const LISTENER = `
  $| = 1; ($path = $ARGV[0]) =~ s/^@/\\0/;
  socket(S, PF_UNIX, SOCK_DGRAM, 0) or die $!; bind(S, pack_sockaddr_un($path)) or die $!;
  print "listening\\n\\0";
  while (defined recv(S, $message, 65536, 0)) { print "$message\\0" }
`;

/** Where systemd would listen, and what it would have heard: one message an entry, its variables one a line. */
export class NotifyListener {
  readonly messages: string[] = [];
  readonly #wakers = new Set<() => void>();

  private constructor(readonly socket: string) {}

  /** Skips the test where the machine has no systemd-notify or no perl. */
  static async listen(ctx: TestContext, kind: 'path' | 'abstract' = 'path'): Promise<NotifyListener> {
    for (const program of ['systemd-notify', 'perl']) {
      if (spawnSync(program, ['--version']).status !== 0) return ctx.skip(`${program} is not on this machine`);
    }
    const listener = new NotifyListener(kind === 'path' ? join(await temporaryFolder(), 'notify') : `@gramscribe-${randomUUID()}`);
    const child = spawn('perl', ['-MSocket', '-e', LISTENER, listener.socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill());
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\0');
      rest = parts.pop() ?? '';
      // By BARRIER=1 systemd-notify learns that its message was taken.
      listener.messages.push(...parts.filter((message) => message !== 'BARRIER=1'));
      for (const wake of listener.#wakers) wake();
    });
    await listener.heard('listening');
    listener.messages.length = 0;
    return listener;
  }

  /** Resolves with the first message from `from` on that has the text. */
  async heard(text: string, from = 0): Promise<string> {
    for (;;) {
      const message = this.messages.slice(from).find((one) => one.includes(text));
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#wakers.delete(wake);
          resolve();
        };
        this.#wakers.add(wake);
      });
    }
  }
}

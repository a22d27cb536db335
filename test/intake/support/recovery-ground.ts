import { onTestFinished } from 'vitest';
import { Intake } from '../../../src/intake/intake.js';
import { Reconciler } from '../../../src/intake/reconciler.js';
import { ServerClock } from '../../../src/intake/server-clock.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxUser } from '../../../src/sandbox/control/views.js';
import type { LoadedCursor, UpdateCursor } from '../../../src/store/update-state.js';
import { systemClock, type Clock } from '../../../src/supervisor/clock.js';
import type { GramjsGateway } from '../../../src/telegram/gramjs-gateway.js';
import { voiceJobId } from '../../../src/voice/voice-job.js';
import { recordedLog } from '../../support/silent-log.js';
import { voiceDoor } from '../../support/voice-door.js';
import { gatewayFor, startSandbox } from '../../telegram/support/gateway-on-sandbox.js';

/** What Redis is to the daemon: jobs and the cursor, which outlive a process. */
export class Kept {
  readonly jobs: string[] = [];
  cursor: UpdateCursor | undefined;
  run = 'first';
  saves = 0;

  load(): Promise<LoadedCursor> {
    return Promise.resolve({ serverRun: this.run, cursor: this.cursor && structuredClone(this.cursor) });
  }

  save(serverRun: string, cursor: UpdateCursor): Promise<boolean> {
    if (serverRun !== this.run) return Promise.resolve(false);
    this.cursor = structuredClone(cursor);
    this.saves += 1;
    return Promise.resolve(true);
  }
}

export interface Process {
  gateway: GramjsGateway;
  reconciler: Reconciler;
  commands: string[];
  lines: Record<string, unknown>[];
  /** Resolves when it has nothing more to catch up with. */
  caughtUp: () => Promise<void>;
  stop: () => Promise<void>;
}

/** One person's account in a sandbox; `start` begins a daemon's life with it, as often as wanted. */
export async function recoveryGround(): Promise<{
  sandbox: Sandbox;
  owner: SandboxUser;
  anna: SandboxUser;
  kept: Kept;
  start: (options?: { clock?: Clock; transcribeOwn?: boolean }) => Promise<Process>;
}> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Owner' });
  const anna = sandbox.addUser({ firstName: 'Anna' });
  const session = sandbox.stringSession(owner);
  const kept = new Kept();
  const start = async ({ clock = systemClock, transcribeOwn = false } = {}): Promise<Process> => {
    const { log, lines } = recordedLog();
    const commands: string[] = [];
    const serverClock = new ServerClock(clock);
    let done: () => void = () => undefined;
    const door = voiceDoor({
      people: {
        senderIsTracked: (_account, id) => Promise.resolve(id === anna.id),
        chatIsTracked: () => Promise.resolve(false),
        optedOut: () => Promise.resolve(false),
      },
      choices: () => ({ own: transcribeOwn ? 'everywhere' : 'nowhere', incoming: 'everywhere', files: 'none' }),
      enqueue: (job) => {
        const id = voiceJobId(job);
        if (!kept.jobs.includes(id)) kept.jobs.push(id);
        return Promise.resolve();
      },
      serverClock,
      clock,
      log,
    });
    const intake = new Intake({
      takeVoice: (message, voice, origin) => door.take(message, voice, origin),
      handleCommand: ({ text, outgoing }) => {
        if (outgoing) commands.push(text);
        return Promise.resolve();
      },
      onRelief: () => reconciler.reload(),
      onIncident: () => undefined,
      serverClock,
      clock,
      log,
    });
    const timeouts = { probeMinMs: 3_600_000, probeMaxMs: 3_600_000 };
    const { gateway } = gatewayFor(sandbox, session, { updates: () => reconciler, timeouts, log });
    const reconciler = new Reconciler({
      source: gateway,
      store: kept,
      intake,
      concerns: () => Promise.resolve(true),
      onCaughtUp: () => done(),
      serverClock,
      clock,
      log,
    });
    const caughtUp = (): Promise<void> => new Promise((resolve) => (done = resolve));
    const stop = async (): Promise<void> => {
      await intake.stop();
      await reconciler.stop();
      await gateway.disconnect();
    };
    onTestFinished(stop);
    const ready = caughtUp();
    await gateway.connect(new AbortController().signal);
    await ready;
    return { gateway, reconciler, commands, lines, caughtUp, stop };
  };
  return { sandbox, owner, anna, kept, start };
}

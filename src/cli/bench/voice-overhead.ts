import { EventEmitter, once } from 'node:events';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '../../errors.js';
import type { Logger } from '../../log/logger.js';
import { DaemonProcess } from '../../sandbox/demo/daemon-process.js';
import type { SandboxUser } from '../../sandbox/control/views.js';
import { Sandbox } from '../../sandbox/sandbox.js';
import { bundledSpeechDir } from '../../setup/paths.mjs';

/** One voice, from its arrival at the daemon's client to the record of its answer. All ms. */
const answeredSchema = z.object({
  msg: z.literal('answered'),
  sinceArrivalMs: z.number(),
  engineMs: z.number(),
  download: z.number(),
  decode: z.number(),
  transcribe: z.number(),
  punctuate: z.number(),
  reply: z.number(),
});
export type VoiceTiming = z.infer<typeof answeredSchema>;

export interface VoiceOverheadOptions {
  voices: number;
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  onVoice: (done: number) => void;
}

/** 5.2 s of speech. */
const CLIP = { file: '08-en.ogg', durationSec: 5 };

/**
 * Sends the same 5 s voice again and again to the real daemon (a child process) through the sandbox, each after the last
 * was answered, and reads off the daemon's own log what each stage took. The first one, which loads the model, is not
 * counted.
 */
export async function measureVoiceOverhead(options: VoiceOverheadOptions, signal: AbortSignal): Promise<VoiceTiming[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-bench-'));
  const sandbox = await Sandbox.start({ log: options.log });
  const lines = new EventEmitter<{ line: [string] }>();
  const owner = sandbox.addUser({ firstName: 'Owner', phone: '+10000000001' });
  const friend = sandbox.addUser({ firstName: 'Friend' });
  const daemon = new DaemonProcess({
    main: fileURLToPath(new URL('../../main.js', import.meta.url)),
    folder,
    environment: await daemonEnvironment({ sandbox, owner, folder, inherited: options.environment }),
    onLine: (line) => void lines.emit('line', line),
    onEnd: () => undefined,
  });
  try {
    return await measure({ sandbox, owner, friend, daemon, lines, options }, signal);
  } finally {
    await daemon.stop();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ground {
  sandbox: Sandbox;
  owner: SandboxUser;
  friend: SandboxUser;
  daemon: DaemonProcess;
  lines: EventEmitter<{ line: [string] }>;
  options: VoiceOverheadOptions;
}

async function measure(ground: Ground, signal: AbortSignal): Promise<VoiceTiming[]> {
  const { sandbox, owner, friend, daemon, lines, options } = ground;
  const bytes = await readFile(join(bundledSpeechDir, 'clips', CLIP.file));
  const running = untilLine(lines, (line) => line.includes('✅') && line.includes('!'), signal);
  await daemon.start();
  await running;
  const tracked = sandbox.send.text({ from: owner, to: friend, text: '.track' });
  await sandbox.waitForMessage(({ key, text }) => key === tracked.key && text !== '.track', {}, signal);
  const timings: VoiceTiming[] = [];
  for (let count = 0; count <= options.voices; count += 1) {
    const answered = untilLine(lines, (line) => line.includes('"msg":"answered"'), signal);
    sandbox.send.voice({ from: friend, to: owner, bytes, durationSec: CLIP.durationSec });
    const timing = answeredSchema.parse(JSON.parse(await answered));
    if (count > 0) timings.push(timing);
    options.onVoice(count);
  }
  return timings;
}

interface Setting {
  sandbox: Sandbox;
  owner: SandboxUser;
  folder: string;
  inherited: VoiceOverheadOptions['environment'];
}

async function untilLine(lines: Ground['lines'], wanted: (line: string) => boolean, signal: AbortSignal): Promise<string> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  for (;;) {
    const [line] = (await once(lines, 'line', { signal: deadline }).catch((error: unknown) => {
      throw new AppError('the daemon did not get there within a minute', { cause: error });
    })) as [string];
    if (wanted(line)) return line;
  }
}

async function daemonEnvironment({ sandbox, owner, folder, inherited }: Setting): Promise<Record<string, string>> {
  const keyFile = join(folder, 'data-centre.pem');
  await writeFile(keyFile, sandbox.publicKeyPem);
  const passedOn = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'GRAMSCRIBE_THREADS', 'GRAMSCRIBE_ENGINE_DIR'];
  return {
    ...Object.fromEntries(passedOn.flatMap((name) => (inherited[name] === undefined ? [] : [[name, inherited[name]]]))),
    TELEGRAM_API_ID: '1',
    TELEGRAM_API_HASH: '0'.repeat(32),
    TELEGRAM_SESSION: sandbox.stringSession(owner),
    TELEGRAM_TEST_DC: sandbox.testDc,
    TELEGRAM_TEST_DC_KEY: keyFile,
    GRAMSCRIBE_DATA: join(folder, 'data'),
    GRAMSCRIBE_MODEL: 'nano',
    GRAMSCRIBE_WINDOW: '15s',
    LOG_FORMAT: 'json',
  };
}

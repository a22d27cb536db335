import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { textsFor } from '../../i18n/texts.js';
import type { Logger } from '../../log/logger.js';
import type { Service } from '../../supervisor/service-group.js';
import { Sandbox } from '../sandbox.js';
import { ClipLibrary } from './clip-library.js';
import { daemonEnvironment } from './daemon-environment.js';
import { DaemonLog } from './daemon-log.js';
import { DaemonProcess } from './daemon-process.js';
import { DemoServer } from './demo-server.js';
import { endDaemon } from './end-daemon.js';
import { modelState } from './model-state.js';
import { PageMessages } from './page-messages.js';
import { makeScene, type Scene } from './scene.js';
import { Stage } from './stage.js';

export interface DemoSessionOptions {
  language: 'en' | 'ru';
  model: string;
  /** Of the chat page; 0: a free one. */
  port: number;
  /** Exists, is empty and belongs to the demo, which removes it in the end. */
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
}

/** Takes part in a start and stop in order. */
type Begin = (service: Service) => Promise<void>;

/** A demo that runs. */
export interface DemoSession {
  address: string;
  daemonLog: DaemonLog;
  /** Resolves when the daemon has ended, whoever wanted it; with how: `status 1`, `SIGKILL`. */
  daemonEnded: Promise<string>;
  /** Resolves when the daemon has answered its first command. Rejects with the signal's reason. */
  ready: Promise<void>;
}

interface SayFirst {
  stage: Stage;
  clips: ClipLibrary;
  scene: Scene;
  language: string;
}

const READY_DEADLINE_MS = 120_000;

/** Puts sandbox, page and daemon together and starts them; `begin` keeps what has to be stopped. */
export async function startDemoSession(options: DemoSessionOptions, begin: Begin, signal: AbortSignal): Promise<DemoSession> {
  const { language, model, folder, log } = options;
  const texts = textsFor(language);
  await begin({ name: 'folder', start: nothing, stop: () => rm(folder, { recursive: true, force: true }) });
  const sandbox = await Sandbox.start({ log });
  await begin({ name: 'sandbox', start: nothing, stop: () => sandbox.stop() });
  const scene = makeScene(sandbox, texts.demo.scene);
  const clips = await ClipLibrary.open(folder);
  const messages = new PageMessages(sandbox, scene);
  const stage = new Stage({ sandbox, scene, clips, messages, folder });
  const daemonLog = new DaemonLog(texts.lifecycle);
  const state = { daemon: 'starting' as const, isNetworkCut: false, ...modelState(model) };
  const server = new DemoServer({ sandbox, scene, clips, messages, stage, daemonLog, language, state });
  let address = '';
  const listen = async () => void (address = await server.start(options.port));
  await begin({ name: 'chat page', start: listen, stop: () => server.stop() });

  let onEnd: (how: string) => void = () => undefined;
  const daemonEnded = new Promise<string>((resolve) => (onEnd = resolve));
  void daemonEnded.then(() => server.changeState({ daemon: 'stopped' }));
  const daemon = new DaemonProcess({
    main: fileURLToPath(new URL('../../main.js', import.meta.url)),
    folder,
    environment: await daemonEnvironment({ sandbox, scene, folder, model, language, inherited: options.environment }),
    onLine: (line) => daemonLog.take(line),
    onEnd,
  });
  const connected = whenConnected(daemonLog);
  await begin({ name: 'daemon', start: () => daemon.start(), stop: () => endDaemon(daemon, options) });
  const ready = connected.then(async () => {
    const track = sandbox.send.text({ from: scene.owner, to: scene.annaChatKey, text: '.track' });
    const isAnswered = ({ key, editedMs }: { key: number; editedMs?: number }) => key === track.key && editedMs !== undefined;
    await sandbox.waitForMessage(isAnswered, { timeoutMs: READY_DEADLINE_MS }, signal);
    await sayFirst({ stage, clips, scene, language }, signal);
  });
  return { address, daemonLog, daemonEnded, ready };
}

/** Something is in the group already when the viewer comes, and the engine is awake. */
async function sayFirst({ stage, clips, scene, language }: SayFirst, signal: AbortSignal): Promise<void> {
  const clip = clips.list().find((each) => each.language === language);
  if (clip === undefined) return;
  const speaker = { chatKey: scene.groupKey, personId: scene.anna.id };
  await stage.playClip(speaker, { clipId: clip.id, kind: 'video-note' }, signal);
}

function whenConnected(daemonLog: DaemonLog): Promise<void> {
  return new Promise((resolve) => {
    const end = daemonLog.listen((_line, change) => {
      if (change?.daemon !== 'connected') return;
      end();
      resolve();
    });
  });
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

import { join } from 'node:path';
import { AccountHold } from './account-hold.js';
import { AppModules } from './app-modules.js';
import { appStatus } from './app-status.js';
import { openAppSpeech, type AppSpeech, type CreateSpeech } from './app-speech.js';
import { openAppStore, type Store } from './app-store.js';
import { appVoice, type AppVoice } from './app-voice.js';
import { ACCOUNT_ID } from './account-id.js';
import type { Config } from './config/load-config.js';
import { AccountInUseError, LeaveRequested, PermanentError } from './errors.js';
import { GovernedGateway } from './governor/governed-gateway.js';
import { GovernedUpdateSource } from './governor/governed-update-source.js';
import { Governor } from './governor/governor.js';
import { healthReports } from './health-reports.js';
import type { Texts } from './i18n/texts.js';
import { Backlog, type BacklogDependencies } from './intake/backlog.js';
import { Intake } from './intake/intake.js';
import { Reconciler } from './intake/reconciler.js';
import { ServerClock } from './intake/server-clock.js';
import type { LogLines } from './log/log-lines.js';
import type { Logger } from './log/logger.js';
import { freeBytes } from './free-bytes.js';
import { decodeAudio } from './media/decode-audio.js';
import { OpusThread } from './media/opus-thread.js';
import type { SecretSeal } from './modules/settings/settings-ports.js';
import { markUnsureWords } from './punctuation/mark-unsure-words.js';
import { punctuate } from './punctuation/punctuate.js';
import { VoiceWorker } from './queue/voice-worker.js';
import type { AccountLease } from './store/account-lease.js';
import { FloodWaits } from './store/flood-waits.js';
import { RedisPulse } from './store/redis-pulse.js';
import { UpdateState } from './store/update-state.js';
import type { AccountEnd } from './supervisor/account-end.js';
import { AccountService } from './supervisor/account-service.js';
import { bootClock, monotonicClock, systemClock } from './supervisor/clock.js';
import { Incidents } from './supervisor/incidents.js';
import { leasedConnection } from './supervisor/leased-connection.js';
import { asService } from './supervisor/as-service.js';
import { ServiceGroup } from './supervisor/service-group.js';
import type { SystemdEnvironment } from './supervisor/systemd-environment.js';
import { GramjsGateway } from './telegram/gramjs-gateway.js';
import type { Ways } from './telegram/proxy/ways.js';
import type { TestDataCentres } from './telegram/test-data-centres.js';
import type { UpdateListener } from './telegram/update-source.js';
import { hearVoice } from './voice/hear-voice.js';
import { runVoicePipeline } from './voice/pipeline.js';
import { recordFailure } from './voice/stages/answer-failure.js';
import type { VoiceChoicesInForce } from './voice/voice-choices.js';
import type { VoiceDependencies } from './voice/voice-dependencies.js';
import { clearWorkspaces } from './voice/workspace.js';

export interface AppOptions {
  config: Config;
  texts: Texts;
  log: Logger;
  /** What was logged, as far as it is kept. */
  lines: LogLines;
  credentials: { apiId: number; apiHash: string; session: string };
  testDc?: TestDataCentres;
  ways: Ways;
  /** Seals what modules keep secret. */
  seal: SecretSeal;
  createSpeech: CreateSpeech;
  threads: number;
  version: string;
  /** Set where systemd started the daemon and wants to be told. */
  systemd?: SystemdEnvironment;
}

const STOP_DEADLINE_MS = 4000;
const DECODER_IDLE_MS = 60_000;

/**
 * The composition root: the only place that makes the concrete parts and hands them to each other. Parts start from the
 * bottom up and stop in reverse: intake, jobs in hand are parked, Telegram, engine, Redis.
 */
export class App {
  readonly #options: AppOptions;
  readonly #services: ServiceGroup;
  readonly #startedAtMs = systemClock.nowMs();
  readonly #serverClock = new ServerClock(bootClock, systemClock.nowMs());
  readonly #incidents = new Incidents();
  #reportEnd: (end: AccountEnd | LeaveRequested) => void = () => undefined;

  /** Resolves when it is over with the account in this process; what happened was said in the log. */
  readonly ended = new Promise<AccountEnd | LeaveRequested>((resolve) => {
    this.#reportEnd = resolve;
  });

  constructor(options: AppOptions) {
    this.#options = options;
    this.#services = new ServiceGroup({ log: options.log, stopDeadlineMs: STOP_DEADLINE_MS });
  }

  /** Resolves when everything is started, the connection to Telegram perhaps still under way; or when it has `ended`. */
  async start(signal: AbortSignal): Promise<void> {
    const { texts, log, threads, config } = this.#options;
    log.info(texts.lifecycle.starting);
    log.info(texts.lifecycle.threads(threads));
    await clearWorkspaces(this.#workspaceRoot());
    const store = await openAppStore({ config, texts: texts.lifecycle, services: this.#services, log }, signal);
    const { credentials, version } = this.#options;
    const hold = new AccountHold({ redis: store.redis, session: credentials.session, version, texts: texts.lifecycle, log });
    const lease = await this.#holdAccount(hold, signal);
    if (lease === undefined) return;
    log.info(texts.lifecycle.trackedUsers(await store.tracked.count(ACCOUNT_ID)));
    const speech = await this.#openSpeech(store, signal);
    await this.#services.start(asService('queue', () => store.queue.close()), signal);

    const connected = { ...this.#createAccount(() => reconciler, hold, lease), governor: await this.#createGovernor(store) };
    const account = { ...connected, backlog: this.#createBacklog(store, connected, () => modules.choices) };
    const decode = await this.#openDecoder(signal);
    const voice = appVoice({
      config,
      store,
      speech,
      gateway: new GovernedGateway(account.gateway, account.governor, 'command'),
      backlog: account.backlog,
      serverClock: this.#serverClock,
      isOpen: () => !modules.host.isSwitchedOff('voice'),
      ignores: (message) => modules.choices.ignores(message),
      log,
    });
    const voiceDeps = this.#voiceDependencies({ store, ...account, speech }, decode, voice.choices);
    const modules: AppModules = this.#createModules({ store, ...account, speech }, voiceDeps, voice);
    await modules.load();
    const intake = new Intake({
      takeVoice: (message, media, origin) => voice.door.take(message, media, origin),
      handleCommand: (message, stop) => modules.offer(message, stop),
      handleLate: (message, stop) => modules.offerLate(message, stop),
      onRelief: () => reconciler.reload(),
      onIncident: () => this.#incidents.count('message'),
      serverClock: this.#serverClock,
      clock: systemClock,
      log,
    });
    const reconciler = this.#createReconciler({ store, intake, choices: voice.choices, ...account }, lease);
    const worker = this.#createWorker(voiceDeps, store);
    await this.#services.start(account.service, signal);
    await this.#services.start(asService('worker', () => worker.stop(), () => worker.start()), signal);
    await this.#services.start(asService('modules', () => modules.stop()), signal);
    const stopIntake = async (): Promise<void> => {
      await intake.stop();
      await reconciler.stop();
      await account.backlog.stop();
    };
    await this.#services.start(asService('intake', stopIntake), signal);
    await this.#startReporting({ store, ...account, speech }, signal);
    // May take long; messages come in meanwhile, and a stop has to be in order.
    await modules.start(signal);
  }

  /** Stops everything in order; true where all of it ended cleanly. */
  async stop(): Promise<boolean> {
    return this.#services.stop();
  }

  /** Undefined, after the end was reported, where Telegram refused the session before or another process works with it. */
  async #holdAccount(hold: AccountHold, signal: AbortSignal): Promise<AccountLease | undefined> {
    const refusal = await hold.refusal();
    if (refusal !== undefined) {
      this.#reportEnd(refusal);
      return undefined;
    }
    const lease = await hold.lease();
    try {
      await this.#services.start(asService('lease', () => lease.stop(), () => lease.start(signal)), signal);
      return lease;
    } catch (error) {
      if (!(error instanceof AccountInUseError)) throw error;
      await this.#endAccount(error, hold);
      return undefined;
    }
  }

  async #endAccount(end: AccountEnd, hold: AccountHold): Promise<void> {
    await hold.note(end);
    this.#reportEnd(end);
  }

  #openSpeech({ settings, redis }: Store, signal: AbortSignal): Promise<AppSpeech> {
    const { config, texts, createSpeech, log } = this.#options;
    return openAppSpeech({ config, texts: texts.lifecycle, settings, redis, services: this.#services, createSpeech, log }, signal);
  }

  #createBacklog(store: Store, { gateway, governor }: Pick<Parts, 'gateway' | 'governor'>, choices: BacklogDependencies['choices']): Backlog {
    const { log } = this.#options;
    return new Backlog({
      store: store.backlog,
      isKnown: async (id) => (await store.receipts.read(id)).done || (await store.queue.find(id)) !== undefined,
      enqueue: (job) => store.queue.add(job),
      drop: (id) => store.receipts.markDone(id, systemClock.nowMs(), 'dropped'),
      gateway: new GovernedGateway(gateway, governor, 'command'),
      choices,
      log: log.child({ account: ACCOUNT_ID }),
    });
  }

  #createReconciler({ store, gateway, governor, intake, backlog, choices }: ReconciledParts, lease: AccountLease): Reconciler {
    const { log } = this.#options;
    const reconciler = new Reconciler({
      source: new GovernedUpdateSource(gateway, governor),
      store: new UpdateState(store.redis, ACCOUNT_ID, () => lease.token),
      intake,
      concerns: async (chat) => choices.current.own !== 'nowhere' || (await store.tracked.has(ACCOUNT_ID, chat.id)),
      onCaughtUp: () => void backlog.ask(),
      serverClock: this.#serverClock,
      clock: bootClock,
      log: log.child({ account: ACCOUNT_ID }),
    });
    // A server that was away may have lost what it was told last.
    store.redis.on('ready', () => reconciler.reload());
    return reconciler;
  }

  #createAccount(
    updates: () => UpdateListener,
    hold: AccountHold,
    lease: AccountLease,
  ): { service: AccountService; gateway: GramjsGateway } {
    const { config, credentials, testDc, ways, texts, log } = this.#options;
    const gateway = new GramjsGateway({
      accountId: ACCOUNT_ID,
      ...credentials,
      ...(testDc === undefined ? {} : { testDc }),
      ways,
      log: log.child({ account: ACCOUNT_ID }),
      updates,
      permit: () => lease.assertHeld(),
    });
    const service = new AccountService({
      connection: leasedConnection(gateway, lease),
      policy: {
        backoff: { firstMs: config.reconnectFirstMs, maxMs: config.reconnectMaxMs, jitter: config.reconnectJitterPercent / 100 },
        stableMs: config.reconnectStableMs,
        leaveAfterMs: config.reconnectLeaveAfterMs,
      },
      texts: texts.lifecycle,
      clock: monotonicClock,
      uptimeMs: () => bootClock.nowMs(),
      random: () => Math.random(),
      way: () => ways.nameInUse,
      onEnd: (end) => void this.#endAccount(end, hold),
      log,
    });
    return { service, gateway };
  }

  /** What stands between everything that is sent and Telegram. */
  async #createGovernor({ redis }: Store): Promise<Governor> {
    const governor = new Governor({
      pace: this.#options.config.pace,
      clock: bootClock,
      random: () => Math.random(),
      waits: new FloodWaits(redis, ACCOUNT_ID, () => systemClock.nowMs()),
      log: this.#options.log.child({ account: ACCOUNT_ID }),
    });
    await governor.load();
    return governor;
  }

  async #openDecoder(signal: AbortSignal): Promise<VoiceDependencies['decode']> {
    const { config, log } = this.#options;
    const opus = new OpusThread({ idleAfterMs: DECODER_IDLE_MS, log });
    await this.#services.start(asService('decoder', () => opus.stop()), signal);
    // Decoding runs many times faster than real time; a tenth of it and a minute is a hang.
    const limits = { maxDurationMs: config.maxAudioMs, timeoutMs: 60_000 + config.maxAudioMs / 10 };
    return (input, output, stop) => decodeAudio(input, output, { ...limits, opus }, stop);
  }

  #voiceDependencies(
    { store, gateway, governor, service, speech }: Parts,
    decode: VoiceDependencies['decode'],
    choices: VoiceChoicesInForce,
  ): VoiceDependencies {
    const { config, texts } = this.#options;
    const gateways = {
      answer: new GovernedGateway(gateway, governor, 'answer'),
      progress: new GovernedGateway(gateway, governor, 'progress'),
    };
    return {
      gatewayFor: (_accountId, urgency = 'answer') => gateways[urgency],
      online: service.gate,
      decode,
      recognize: speech.recognize,
      punctuate: ({ segments, language: spoken }) =>
        markUnsureWords(punctuate(segments, spoken).text, segments.flatMap(({ words }) => words), config.markUnsure),
      transcripts: store.transcripts,
      checkpoints: store.checkpoints,
      receipts: store.receipts,
      deadLetters: store.deadLetters,
      texts,
      clock: systemClock,
      workspaceRoot: this.#workspaceRoot(),
      limits: { maxFileBytes: config.maxFileBytes, maxAudioMs: config.maxAudioMs },
      freeBytes,
      get quoteAboveLength() {
        return choices.current.quoteAboveLength;
      },
      progressAfterMs: config.progressAfterMs,
    };
  }

  #createWorker(deps: VoiceDependencies, { redis, queue }: Store): VoiceWorker {
    const { config, log } = this.#options;
    let sureSinceMs = this.#serverClock.moment();
    redis.on('ready', () => (sureSinceMs = this.#serverClock.moment()));
    return new VoiceWorker({
      redis,
      queue,
      concurrency: config.concurrency,
      run: (job, jobLog, signal) => runVoicePipeline(job, deps, jobLog, signal),
      bury: (job, reason) => recordFailure(job, reason, { told: false }, deps),
      sureSinceMs: () => sureSinceMs(),
      onIncident: () => this.#incidents.count('job'),
      log: log.child({ account: ACCOUNT_ID }),
    });
  }

  #createModules({ store, gateway, governor, service, speech }: Parts, voiceDeps: VoiceDependencies, voice: AppVoice): AppModules {
    const { config, ways, version, systemd, lines, log } = this.#options;
    const governed = { command: new GovernedGateway(gateway, governor, 'command'), progress: new GovernedGateway(gateway, governor, 'progress') };
    const status = appStatus({
      store,
      speech,
      governor,
      incidents: this.#incidents,
      account: service,
      gateway,
      ways,
      lines,
      version,
      startedAtMs: this.#startedAtMs,
      isUnderSystemd: systemd !== undefined,
      leave: (how) => this.#reportEnd(new LeaveRequested(how)),
    });
    return new AppModules({
      accountId: ACCOUNT_ID,
      config,
      language: config.language,
      store,
      gatewayFor: (urgency) => governed[urgency],
      online: service.gate,
      lines,
      version,
      transcribing: {
        voice: async (message, signal) => {
          const chat = await governed.command.findPeer(message.chat, signal);
          if (chat === undefined) throw new PermanentError('deleted', 'the chat is not known');
          return hearVoice({ accountId: ACCOUNT_ID, chat, messageId: message.messageId }, voiceDeps, signal);
        },
      },
      seal: this.#options.seal,
      voice: voice.ports,
      status,
      onIncident: () => this.#incidents.count('command'),
      log: log.child({ account: ACCOUNT_ID }),
    });
  }

  /** What tells the machine how the daemon is: an HTTP port, a file, systemd. */
  async #startReporting({ store, gateway, service, speech }: Parts, signal: AbortSignal): Promise<void> {
    const { config, texts, log, systemd } = this.#options;
    const pulse = new RedisPulse(store.redis);
    const signs = {
      connected: () => service.gate.isOpen,
      silentForMs: () => gateway.unprovenForMs,
      redisAnswers: () => pulse.answers(),
      engineTrouble: () => speech.engine.trouble(),
    };
    const reports = healthReports({ config, signs, systemd, texts: texts.lifecycle, log });
    for (const report of reports) await this.#services.start(report, signal);
  }

  #workspaceRoot(): string {
    return join(this.#options.config.dataDir, 'tmp');
  }
}

type ReconciledParts = Pick<Parts, 'store' | 'gateway' | 'governor' | 'backlog'> & { intake: Intake; choices: VoiceChoicesInForce };

interface Parts {
  store: Store;
  gateway: GramjsGateway;
  backlog: Backlog;
  governor: Governor;
  service: AccountService;
  speech: AppSpeech;
}


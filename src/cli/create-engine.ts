import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import { SetupError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { findEngine } from '../setup/engine-paths.mjs';
import { modelsDir } from '../setup/paths.mjs';
import { proxiedFetch } from '../setup/proxied-fetch.mjs';
import { EngineChain } from '../speech/engine-chain.js';
import type { Engine } from '../speech/engine.js';
import type { ModelEngines } from '../speech/model-engines.js';
import { isLoopback, OpenAiEngine, transcriptionAddress } from '../speech/openai-engine.js';
import { whisperNodeFolder } from '../speech/whisper-node/find-whisper-node.js';
import { WhisperNodeEngine } from '../speech/whisper-node/whisper-node-engine.js';
import { monotonicClock } from '../supervisor/clock.js';
import { createWhisperServers } from './create-whisper-servers.js';

type EngineName = Config['engines'][number];

export interface CreatedEngine {
  engine: Engine;
  /** Whose model `.model` and `model use` switch: the files of the models' folder are its models. */
  models: Pick<Engine, 'model' | 'useModel'>;
  /** The engine for another model of the models' folder; absent where no engine can have two. */
  engineOf?: (model: string) => Engine;
  /** Ends them all. */
  stop: () => Promise<void>;
}

/**
 * The engine that the owner chose, or several as one.
 * @throws SetupError where it is whisper.cpp, which is not built
 */
export async function createEngine(model: string, config: Config, texts: Texts['lifecycle'], log: Logger): Promise<CreatedEngine> {
  let servers: ModelEngines | undefined;
  const makers: Record<EngineName, () => Engine | Promise<Engine>> = {
    'whisper.cpp': () => {
      const paths = findEngine(config.cacheDir, config.engineDir);
      if (paths === undefined) throw new SetupError(texts.noEngine, 'npm start');
      servers = createWhisperServers(paths, config, log);
      return servers.of(model);
    },
    openai: () => {
      sayWhatLeaves(config, texts, log);
      return createOpenAi(config, log);
    },
    'whisper-node': () =>
      new WhisperNodeEngine({
        packageFolder: whisperNodeFolder(config.cacheDir, config.whisperNodeDir),
        modelsDir: modelsDir(config.cacheDir),
        model,
        workDir: join(config.dataDir, 'tmp'),
        log,
      }),
  };
  const engines: Engine[] = [];
  for (const name of config.engines) {
    try {
      engines.push(await makers[name]());
    } catch (error) {
      const isLastHope = engines.length === 0 && name === config.engines.at(-1);
      if (isLastHope || !(error instanceof SetupError)) throw error;
      log.warn({ engine: name, cause: error.message }, 'a speech engine is left out: it is not here');
    }
  }
  const [first, second, ...more] = engines;
  if (first === undefined) throw new SetupError('no engine is chosen', 'GRAMSCRIBE_ENGINE');
  const others = servers;
  const engineOf = others && { engineOf: (name: string) => others.of(name) };
  const stopAll = async (engine: Engine): Promise<void> => {
    await Promise.all([engine.stop(), others?.stop()]);
  };
  if (second === undefined) return { engine: first, models: first, ...engineOf, stop: () => stopAll(first) };
  const chain = new EngineChain({ engines: [first, second, ...more], log, nowMs: () => monotonicClock.nowMs() });
  const [local = first, ...followers] = engines.filter(({ name }) => name !== 'openai');
  const models = {
    get model() {
      return local.model;
    },
    // What the first of them refuses is refused; the others stand in for it, with their old model where they must.
    useModel: async (name: string, signal: AbortSignal) => {
      await local.useModel(name, signal);
      for (const follower of followers) {
        await follower.useModel(name, signal).catch((error: unknown) => log.debug({ err: error, engine: follower.name }, 'keeps its model'));
      }
    },
  };
  return { engine: chain, models, ...engineOf, stop: () => stopAll(chain) };
}

type OpenAiSettings = Pick<Config, 'downloadProxies' | 'openAiKey' | 'openAiModel' | 'openAiUrl'>;

/** The engine `openai` as it is set; a server elsewhere is reached by the same way as downloads. */
export async function createOpenAi({ openAiUrl, openAiKey, openAiModel, downloadProxies }: OpenAiSettings, log: Logger): Promise<Engine> {
  if (openAiUrl === undefined) throw new SetupError('the engine openai has no address', 'GRAMSCRIBE_OPENAI_URL');
  const address = transcriptionAddress(openAiUrl);
  return new OpenAiEngine({
    address,
    model: openAiModel,
    ...(openAiKey !== undefined && { key: openAiKey }),
    ...(!isLoopback(new URL(address).hostname) && { fetch: await proxiedFetch(downloadProxies) }),
    log,
  });
}

function sayWhatLeaves({ openAiUrl, openAiKey }: OpenAiSettings, texts: Texts['lifecycle'], log: Logger): void {
  if (openAiUrl === undefined) return;
  const { hostname, host, protocol } = new URL(openAiUrl);
  if (isLoopback(hostname)) return;
  log.warn(texts.audioLeaves(host));
  if (protocol === 'http:' && openAiKey !== undefined) log.warn(texts.keyInTheOpen(host));
}

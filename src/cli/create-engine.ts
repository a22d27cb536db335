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
import { isLoopback, OpenAiEngine, transcriptionAddress } from '../speech/openai-engine.js';
import { whisperNodeFolder } from '../speech/whisper-node/find-whisper-node.js';
import { WhisperNodeEngine } from '../speech/whisper-node/whisper-node-engine.js';
import { monotonicClock } from '../supervisor/clock.js';
import { createWhisperServer } from './create-whisper-server.js';

type EngineName = Config['engines'][number];

export interface CreatedEngine {
  engine: Engine;
  /** Whose model `.model` and `model use` switch: the files of the models' folder are its models. */
  models: Pick<Engine, 'model' | 'useModel'>;
}

/**
 * The engine that the owner chose, or several as one.
 * @throws SetupError where it is whisper.cpp, which is not built
 */
export async function createEngine(model: string, config: Config, texts: Texts['lifecycle'], log: Logger): Promise<CreatedEngine> {
  const makers: Record<EngineName, () => Engine | Promise<Engine>> = {
    'whisper.cpp': () => {
      const paths = findEngine(config.cacheDir, config.engineDir);
      if (paths === undefined) throw new SetupError(texts.noEngine, 'npm start');
      return createWhisperServer(paths, config, model, log);
    },
    openai: () => createOpenAi(config, texts, log),
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
  const [first, second, ...others] = engines;
  if (first === undefined) throw new SetupError('no engine is chosen', 'GRAMSCRIBE_ENGINE');
  if (second === undefined) return { engine: first, models: first };
  const chain = new EngineChain({ engines: [first, second, ...others], log, nowMs: () => monotonicClock.nowMs() });
  const local = engines.find(({ name }) => name !== 'openai') ?? first;
  const models = {
    get model() {
      return local.model;
    },
    useModel: (name: string, signal: AbortSignal) => chain.useModel(name, signal),
  };
  return { engine: chain, models };
}

async function createOpenAi(config: Config, texts: Texts['lifecycle'], log: Logger): Promise<Engine> {
  const { openAiUrl, openAiKey, openAiModel, downloadProxies } = config;
  if (openAiUrl === undefined) throw new SetupError('the engine openai has no address', 'GRAMSCRIBE_OPENAI_URL');
  const address = transcriptionAddress(openAiUrl);
  const { hostname, host, protocol } = new URL(address);
  const isHere = isLoopback(hostname);
  if (!isHere) log.warn(texts.audioLeaves(host));
  if (!isHere && protocol === 'http:' && openAiKey !== undefined) log.warn(texts.keyInTheOpen(host));
  return new OpenAiEngine({
    address,
    model: openAiModel,
    ...(openAiKey !== undefined && { key: openAiKey }),
    ...(!isHere && { fetch: await proxiedFetch(downloadProxies) }),
    log,
  });
}

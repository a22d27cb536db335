import type { Config } from '../../config/load-config.js';
import { AppError, errorText, SetupError } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import type { Logger } from '../../log/logger.js';
import { createOpenAi } from '../create-engine.js';
import { findWhisperNode, whisperNodeFolder, whisperNodeInstall } from '../../speech/whisper-node/find-whisper-node.js';
import type { Check } from './check.js';

export type EngineSettings = Pick<Config, 'cacheDir' | 'downloadProxies' | 'openAiKey' | 'openAiModel' | 'openAiUrl' | 'whisperNodeDir'>;

/** A moment of silence: enough for a server to mind the key, the model or the address, and next to nothing to pay for. */
const SILENCE = { pcm: { samples: new Int16Array(16_000) }, language: 'en' };

/** The transcription server answers, takes the key and has the model. */
export function checkOpenAi(texts: Texts['doctor'], config: EngineSettings, log: Logger): Check {
  return async (signal) => {
    const { name } = texts.openAi;
    const host = config.openAiUrl === undefined ? '' : new URL(config.openAiUrl).host;
    const engine = await createOpenAi(config, log);
    try {
      await engine.transcribe(SILENCE, signal);
      return { name, state: 'ok', found: texts.openAi.works(host, config.openAiModel) };
    } catch (error) {
      signal.throwIfAborted();
      const found = texts.openAi.fails(host, error instanceof AppError ? error.message : errorText(error));
      return { name, state: 'failed', found, remedy: error instanceof SetupError ? error.remedy : texts.openAi.check };
    } finally {
      await engine.stop();
    }
  };
}

/** The package is where it is looked for. */
export function checkWhisperNode(texts: Texts['doctor'], config: EngineSettings): Check {
  const { name } = texts.whisperNode;
  const folder = whisperNodeFolder(config.cacheDir, config.whisperNodeDir);
  return () =>
    Promise.resolve(
      findWhisperNode(folder) === undefined
        ? { name, state: 'failed', found: texts.notFound, remedy: whisperNodeInstall(folder) }
        : { name, state: 'ok', found: folder },
    );
}

import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import { createLogger } from '../log/create-logger.js';
import { punctuate } from '../punctuation/punctuate.js';
import { BUNDLED_MODEL } from '../setup/model-catalogue.mjs';
import { modelsDir } from '../setup/paths.mjs';
import { writeLanguageChoice } from '../speech/language/language-choice.js';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { windowLimitMs } from '../speech/window-limit.js';
import { MAX_WORD_LENGTH, MAX_WORDS, parseVocabulary } from '../speech/vocabulary/vocabulary.js';
import { createSpeech } from './create-speech.js';
import { EXIT_FAILURE } from './exit-status.js';
import { transcribeFiles, type TranscribeArguments } from './transcribe.js';

export interface TranscribeCommandOptions {
  json?: true;
  srt?: true;
  vtt?: true;
  words?: true;
  language?: string;
  vocabulary?: string;
  model?: string;
}

/**
 * `transcribe FILE…` with this machine's engine. Where the model of the configuration is not here, the bundled one is
 * taken and that is said: nobody is answered with its words.
 * @throws SetupError where the engine is not built, or a model that was asked for by name is not here
 */
export async function transcribeCommand(
  files: readonly string[],
  options: TranscribeCommandOptions,
  { config, texts }: { config: Config; texts: Texts },
  signal: AbortSignal,
): Promise<number> {
  const { stdout, stderr } = process;
  // Stdout belongs to the text, and what the engine has to say is for those who ask for it.
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
  const log = createLogger({ level, format: config.logFormat, stream: stderr });
  const vocabulary = options.vocabulary === undefined ? config.vocabulary : parseVocabulary(options.vocabulary);
  if (vocabulary === undefined && options.vocabulary !== undefined) {
    stderr.write(`${texts.transcribe.badVocabulary(MAX_WORDS, MAX_WORD_LENGTH)}\n`);
    return EXIT_FAILURE;
  }
  const present = await modelsOnDisk(modelsDir(config.cacheDir));
  const model = options.model ?? (present.includes(config.model) ? config.model : BUNDLED_MODEL.name);
  const needsModel = config.engines.some((name) => name !== 'openai');
  if (needsModel && options.model === undefined && model !== config.model) stderr.write(`${texts.transcribe.bundledModel(config.model)}\n`);
  const { engine, detector } = await createSpeech(config, texts, log).createSpeech(model);
  const args: TranscribeArguments = {
    files,
    format: formatOf(options),
    words: options.words ?? false,
    language: options.language ?? writeLanguageChoice(config.speechLanguage),
    vocabulary: vocabulary ?? [],
  };
  try {
    return await transcribeFiles(
      args,
      {
        ...{ engine, detector, punctuate, stdout, stderr, log, texts: texts.transcribe },
        limits: { maxDurationMs: config.maxAudioMs, timeoutMs: 60_000 + config.maxAudioMs / 10 },
        maxWindowMs: windowLimitMs(model, config.maxWindowMs),
        markUnsure: config.markUnsure,
        ownerLanguage: config.language,
        workspace: join(config.dataDir, 'transcribe'),
      },
      signal,
    );
  } finally {
    await engine.stop();
  }
}

function formatOf({ json, srt, vtt }: TranscribeCommandOptions): TranscribeArguments['format'] {
  if (json) return 'json';
  if (srt) return 'srt';
  return vtt ? 'vtt' : 'text';
}

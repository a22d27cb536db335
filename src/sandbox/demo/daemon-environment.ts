import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLED_MODEL } from '../../setup/model-catalogue.mjs';
import type { Sandbox } from '../sandbox.js';
import type { Scene } from './scene.js';

/** The bundled model is exact only in short windows (src/speech/bundled/README.md). */
const BUNDLED_MODEL_WINDOW = '15s';
/** With the daemon's own limit none of the prepared voices would be long enough for a quote. */
const QUOTE_ABOVE = '150';
/** What of ours the daemon gets too: nothing that would lead it to a real account or to somebody's Redis. */
const INHERITED = /^(PATH|HOME|USER|TMPDIR|TZ|LANG|LC_\w+|LD_LIBRARY_PATH|XDG_CACHE_HOME|GRAMSCRIBE_(THREADS|ENGINE_DIR|MODULES_DIR))$/;

export interface DaemonEnvironmentOptions {
  sandbox: Sandbox;
  scene: Pick<Scene, 'owner'>;
  /** Where it finds the data centres: the sandbox's own addresses without it. */
  testDc?: string;
  /** Everything that the daemon writes goes here. */
  folder: string;
  model: string;
  language: 'en' | 'ru';
  /** Our own environment. */
  inherited: Readonly<Record<string, string | undefined>>;
}

/** The environment of a daemon that is signed in to the sandbox as its owner. Writes the data centre's key to the folder. */
export async function daemonEnvironment(options: DaemonEnvironmentOptions): Promise<Record<string, string>> {
  const { sandbox, scene, testDc = sandbox.testDc, folder, model, language } = options;
  const keyFile = join(folder, 'data-centre.pem');
  await writeFile(keyFile, sandbox.publicKeyPem);
  const inherited = Object.entries(options.inherited).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && INHERITED.test(entry[0]),
  );
  return {
    ...Object.fromEntries(inherited),
    TELEGRAM_API_ID: '1',
    TELEGRAM_API_HASH: randomBytes(16).toString('hex'),
    TELEGRAM_SESSION: sandbox.stringSession(scene.owner),
    TELEGRAM_TEST_DC: testDc,
    TELEGRAM_TEST_DC_KEY: keyFile,
    GRAMSCRIBE_DATA: join(folder, 'data'),
    GRAMSCRIBE_MODEL: model,
    ...(model === BUNDLED_MODEL.name ? { GRAMSCRIBE_WINDOW: BUNDLED_MODEL_WINDOW } : {}),
    GRAMSCRIBE_QUOTE_ABOVE: QUOTE_ABOVE,
    GRAMSCRIBE_LANG: language,
    // The owner's own daemon may run on this machine, and has the port.
    GRAMSCRIBE_HEALTH_PORT: 'off',
    // As `npm start` and the image have it: with an arena of malloc's for each thread, the daemon takes 10 MB more.
    MALLOC_ARENA_MAX: '2',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
  };
}

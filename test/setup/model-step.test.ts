import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DETECTOR } from '../../src/setup/model-catalogue.mjs';
import { modelStep } from '../../src/setup/model-step.mjs';
import { modelPath, modelsDir } from '../../src/setup/paths.mjs';
import { setupTexts } from '../../src/setup/texts.mjs';
import { httpProxy } from '../support/http-proxy.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { status, unrulyServer } from '../support/unruly-server.js';

type StepContext = Parameters<typeof modelStep.make>[0];

async function machine(given: Partial<StepContext['environment']>): Promise<StepContext> {
  const cache = await temporaryFolder();
  await mkdir(modelsDir(cache), { recursive: true });
  for (const name of ['nano', DETECTOR.name]) await writeFile(modelPath(cache, name), 'lmgg');
  const environment = { language: 'en', cache, model: 'base', modelBaseUrl: undefined, downloadProxies: undefined, engineDir: undefined, hasOwnRedis: false } as const;
  return {
    environment: { ...environment, ...given },
    options: { forTests: false, bundledModel: false, inImage: false },
    texts: setupTexts('en'),
    signal: new AbortController().signal,
    progress: { say: () => undefined, percent: () => undefined, note: () => undefined },
  };
}

test('the set-up downloads its model through the proxy, and where that fails it warns and says what to type', async () => {
  const server = await unrulyServer(status(403));
  const proxy = await httpProxy('me:secret');
  const context = await machine({ modelBaseUrl: server.url.replace('/ggml-x.bin', ''), downloadProxies: { http: proxy.link } });
  expect(await modelStep.missing(context)).toBe('base');
  expect(await modelStep.make(context)).toEqual({
    warning: 'base could not be downloaded: the server refused (HTTP 403); a mirror (MODEL_BASE_URL) or a proxy (MODEL_PROXY) may help',
    remedy: 'With a connection, type: npm run model -- pull base',
  });
  expect(proxy.asked.map(({ target }) => target)).toEqual([new URL(server.url).host]);
  expect((await readdir(modelsDir(context.environment.cache))).sort()).toEqual(['ggml-nano.bin', `ggml-${DETECTOR.name}.bin`]);
});

test('a proxy link that is not understood is a warning too, and is not shown', async () => {
  const context = await machine({ downloadProxies: { https: 'ftp://me:secret@proxy' } });
  const outcome = JSON.stringify(await modelStep.make(context));
  expect(outcome).toContain('the link of the proxy (MODEL_PROXY, HTTPS_PROXY) is not understood');
  expect(outcome).not.toContain('secret');
});

import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import type { TestContext } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const place = PLACES.find((each) => existsSync(each));

/** Skips the test on a machine without Chromium. */
export function requireBrowser(ctx: TestContext): void {
  if (place === undefined) ctx.skip('Chromium is not installed (apt-get install chromium)');
}

/** A real headless Chromium whose microphone hears the WAV file once. */
export function launchBrowser(heardByMicrophone: string): Promise<Browser> {
  return chromium.launch({
    ...(place === undefined ? {} : { executablePath: place }),
    headless: true,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
      ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
      `--use-file-for-fake-audio-capture=${heardByMicrophone}%noloop`,
    ],
  });
}

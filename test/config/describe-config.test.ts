import { readFile } from 'node:fs/promises';
import { parse } from 'dotenv';
import { expect, test } from 'vitest';
import { describeAsDotEnv, describeAsMarkdown } from '../../src/config/describe-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = new URL('../../', import.meta.url);

test('.env.example and docs/config.md are what the schema says (npm run docs makes them)', async () => {
  expect(await readFile(new URL('.env.example', root), 'utf8')).toBe(describeAsDotEnv());
  expect(await readFile(new URL('docs/config.md', root), 'utf8')).toBe(describeAsMarkdown());
});

test('every line of .env.example, uncommented, is a valid setting at its default', async () => {
  const uncommented = describeAsDotEnv().replace(/^#(?=[A-Z_]+=)/gm, '');
  const folder = await temporaryFolder();
  expect(loadConfig(parse(uncommented), folder)).toEqual(loadConfig({}, folder));
});

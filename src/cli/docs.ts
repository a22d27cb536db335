import { writeFile } from 'node:fs/promises';
import { describeAsDotEnv, describeAsMarkdown } from '../config/describe-config.js';

/** Writes what is made from the code: `.env.example` and docs/config.md. */
export async function docs(): Promise<number> {
  const root = new URL('../../', import.meta.url);
  await writeFile(new URL('.env.example', root), describeAsDotEnv());
  await writeFile(new URL('docs/config.md', root), describeAsMarkdown());
  return 0;
}

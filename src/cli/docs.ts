import { writeFile } from 'node:fs/promises';
import { describeAsDotEnv, describeAsMarkdown } from '../config/describe-config.js';
import { commandsPage } from './commands-page.js';
import { documentedModules } from './documented-modules.js';

/** Writes what is made from the code: `.env.example`, docs/config.md, docs/commands.md and docs/commands.ru.md. */
export async function docs(): Promise<number> {
  const root = new URL('../../', import.meta.url);
  const modules = await documentedModules();
  await writeFile(new URL('.env.example', root), describeAsDotEnv());
  await writeFile(new URL('docs/config.md', root), describeAsMarkdown());
  await writeFile(new URL('docs/commands.md', root), commandsPage(modules, 'en'));
  await writeFile(new URL('docs/commands.ru.md', root), commandsPage(modules, 'ru'));
  return 0;
}

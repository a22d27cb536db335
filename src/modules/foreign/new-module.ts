/** What a new module consists of: file → text. `packageRoot` is where this program lies, from which types and the test harness come. */
export function newModuleFiles(name: string, packageRoot: string): Record<string, string> {
  return { 'module.js': moduleSource(name), 'module.test.js': testSource(name), 'package.json': packageJson(name, packageRoot), 'README.md': readme(name) };
}

function moduleSource(name: string): string {
  return `// @ts-check
import { defineModule } from 'gramscribe/module';

export default defineModule({
  name: '${name}',
  version: '0.1.0',
  about: {
    en: { title: '${title(name)}', summary: 'says hello' },
    ru: { title: '${title(name)}', summary: 'здоровается' },
  },
  commands: (command) => [
    command({
      name: '${name}',
      about: {
        en: { summary: 'say hello', examples: [{ type: '${name} Anna', does: 'says hello to Anna' }] },
        ru: { summary: 'поздороваться', examples: [{ type: '${name} Аня', does: 'здоровается с Аней' }] },
      },
      args: { who: { kind: 'string', rest: true, optional: true, label: { en: 'who', ru: 'кто' } } },
      run: async ({ args, language }, ctx) => {
        const who = args.who ?? ctx.self.name;
        return language === 'ru' ? \`👋 Привет, \${who}!\` : \`👋 Hello, \${who}!\`;
      },
    }),
  ],
});
`;
}

function testSource(name: string): string {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryModule } from 'gramscribe/module-test';

test('says hello in both languages', async (t) => {
  const folder = new URL('.', import.meta.url);
  const [english, russian] = await Promise.all([tryModule(folder), tryModule(folder, { language: 'ru' })]);
  t.after(() => Promise.all([english.stop(), russian.stop()]));
  assert.equal(await english.type('.${name} Anna'), '👋 Hello, Anna!');
  assert.equal(await russian.type('.${name} Аня'), '👋 Привет, Аня!');
});
`;
}

function packageJson(name: string, packageRoot: string): string {
  const content = { name: `gramscribe-module-${name}`, private: true, type: 'module', scripts: { test: 'node --test' }, devDependencies: { gramscribe: `file:${packageRoot}` } };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function readme(name: string): string {
  return `# ${title(name)}

A module for Gramscribe. Test: \`node --test\`. Pack, in Gramscribe's folder: \`npm run module -- pack FOLDER\`; then send the .tar.gz to yourself and reply to it with \`.loadmod\`.
`;
}

function title(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll('-', ' ');
}

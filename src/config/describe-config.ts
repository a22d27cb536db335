import { sections, settings, type Setting } from './settings.js';

const all = (): Setting<unknown>[] => Object.values(settings);

/** The text of `.env.example`: every setting with its meaning, commented out at its default. */
export function describeAsDotEnv(): string {
  const lines = [
    '# Gramscribe: settings. Copy this file to .env and fill in the first two; the rest has defaults.',
    '# Made from src/config/settings.ts by `npm run docs`; a test holds the two equal.',
  ];
  for (const section of sections.filter((name) => name !== 'Tests')) {
    lines.push('', `## ${section}`);
    for (const setting of all().filter((candidate) => candidate.section === section)) {
      lines.push(`# ${setting.description} Takes ${setting.type.takes}.`, `${isFirst(setting) ? '' : '#'}${setting.variable}=${setting.fallback ?? ''}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The text of docs/config.md: a table a section. */
export function describeAsMarkdown(): string {
  const lines = [
    '# Configuration',
    '',
    'Read from the environment and from `.env` in the working folder; the environment wins, an empty value counts as unset.',
    'All problems are reported at once when the program starts. This page is made from `src/config/settings.ts` by `npm run docs`.',
  ];
  for (const section of sections) {
    lines.push('', `## ${section}`, '', '| variable | takes | default | meaning |', '| --- | --- | --- | --- |');
    for (const setting of all().filter((candidate) => candidate.section === section)) {
      const name = `\`${setting.variable}\`${setting.secret ? ' (secret)' : ''}`;
      const fallback = setting.fallback === undefined ? '' : `\`${setting.fallback}\``;
      lines.push(`| ${name} | ${setting.type.takes} | ${fallback} | ${setting.description} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function isFirst(setting: Setting<unknown>): boolean {
  return setting === settings.apiId || setting === settings.apiHash;
}

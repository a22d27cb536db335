import { readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const DOCUMENT = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

/** How the sections stand in the document; one that is not named here comes last. */
const ORDER = ['voices', 'speed-tiny', 'speed-base', 'speed-small', 'throughput', 'decode', 'watchers', 'memory', 'quality', 'silence', 'times'];

const HEAD = [
  '# Benchmarks',
  '',
  'What was measured, each section by the command that it names. Figures differ from machine to machine; ratios less so.',
  '',
].join('\n');

const SECTION = /<!-- bench:(?<name>[\w-]+) -->\n(?<text>[\s\S]*?)\n<!-- \/bench:\k<name> -->\n/g;

/**
 * Puts one command's section (Markdown that begins with its own `## heading`) into docs/benchmarks.md in place of the
 * one that the command wrote before. Every other section stays as it is.
 */
export async function writeSection(name: string, markdown: string, document = DOCUMENT): Promise<void> {
  const before = await readFile(document, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const sections = new Map([...before.matchAll(SECTION)].map(({ groups = {} }) => [groups.name ?? '', groups.text ?? '']));
  sections.set(name, markdown.trim());
  const place = (section: string): number => (ORDER.includes(section) ? ORDER.indexOf(section) : ORDER.length);
  const parts = [...sections]
    .sort(([one], [other]) => place(one) - place(other))
    .map(([section, text]) => `<!-- bench:${section} -->\n${text}\n<!-- /bench:${section} -->\n`);
  const fresh = `${document}.new`;
  await writeFile(fresh, [HEAD, ...parts].join('\n'));
  await rename(fresh, document);
}

/** The line that says what a section's figures were made with. */
export function madeBy(command: string, version: string): string {
  return `Made by \`${command}\` with Gramscribe ${version} on Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}.`;
}

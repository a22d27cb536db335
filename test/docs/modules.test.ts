import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { capabilities } from '../../src/modules/contract/capabilities.js';
import { CAPABILITY_BUDGETS, REFUSALS } from '../../src/modules/foreign/call-budgets.js';
import { MAX_FOREIGN_MODULES } from '../../src/modules/foreign/foreign-modules.js';
import { foreignLimits } from '../../src/modules/foreign/foreign-program.js';
import { newModuleFiles } from '../../src/modules/foreign/new-module.js';
import { packageLimits } from '../../src/modules/foreign/package-limits.js';
import { SEND_BUDGET } from '../../src/modules/host/module-faults.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = await read('docs/modules.md');

/** First cells of the table under a heading, without their backticks. */
function rowsUnder(heading: string): string[] {
  const section = page.split(heading)[1]?.split(/\n##/)[0] ?? '';
  const rows = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell.replaceAll('`', ''));
  return rows.slice(1).filter((cell) => !/^-+$/.test(cell.trim()));
}

describe('docs/modules.md', () => {
  it('has the example that the tests run', async () => {
    expect(page).toContain(`\`\`\`js\n${await read('test/fixtures/modules/dice/module.js')}\`\`\``);
  });

  it('names every capability and no other', () => {
    expect(rowsUnder('### What it may use')).toEqual(capabilities);
  });

  it('has the kinds of values as the contract tells them', async () => {
    const contract = await read('src/modules/contract/value-schema.ts');
    const table = [...contract.matchAll(/^ \* (\|.*\|)$/gm)].map(([, row]) => row).join('\n');
    expect(table).toContain('| boolean |');
    expect(page).toContain(table);
  });

  it('names every condition of a filter and no other', async () => {
    const contract = await read('src/modules/contract/watcher-definition.ts');
    const filter = contract.split('export interface WatcherFilter {')[1]?.split('\n}')[0] ?? '';
    expect(rowsUnder('### Filters of watchers')).toEqual([...filter.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name));
  });

  it('tells the bounds as they are', () => {
    expect(page).toContain(`${packageLimits.files} files and ${packageLimits.unpackedBytes / 1e6} MB at most`);
    expect(page).toContain(`${foreignLimits.callMs / 1000} s on the CPU for one call with all that it sets off, ${foreignLimits.memoryBytes / 1e6} MB of memory`);
    expect(MAX_FOREIGN_MODULES).toBe(8);
    expect(page).toContain('Eight modules at most');
    for (const [capability, { burst, everyMs }] of Object.entries(CAPABILITY_BUDGETS)) expect(page).toMatch(new RegExp(`\`${capability}\` ${burst} (calls at once )?and one every ${everyMs / 1000} s`));
    expect(page).toContain(`\`send\` ${SEND_BUDGET.burst} and one every ${SEND_BUDGET.everyMs / 1000} s`);
    expect(page).toContain(`refused over ${REFUSALS.most} times within ten minutes`);
  });

  it('names the file that packing a new module makes', () => {
    const { 'module.js': source = '' } = newModuleFiles('dice', '/');
    expect(page).toContain(`dice-${/version: '(.*)'/.exec(source)?.[1] ?? '?'}.tar.gz\n`);
  });
});

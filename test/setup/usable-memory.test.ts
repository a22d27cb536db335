import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { usableMemoryBytes } from '../../src/setup/usable-memory.mjs';

const GIB = 2 ** 30;
const machine = (files: Record<string, string>) => ({ totalBytes: 8 * GIB, readText: (path: string) => files[path] });

test('without a limit the memory is that of the machine', () => {
  expect(usableMemoryBytes(machine({}))).toBe(8 * GIB);
  expect(usableMemoryBytes(machine({ '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/a/memory.max': 'max\n' }))).toBe(8 * GIB);
  const real = usableMemoryBytes();
  expect(real).toBeGreaterThan(0);
  expect(real).toBeLessThanOrEqual(totalmem());
});

test('the limit of the cgroup or of one above it counts, in version 2', () => {
  const nested = { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/b/memory.max': 'max\n', '/sys/fs/cgroup/a/memory.max': `${GIB}\n` };
  expect(usableMemoryBytes(machine(nested))).toBe(GIB);
  expect(usableMemoryBytes(machine({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': `${2 * GIB}\n` }))).toBe(2 * GIB);
});

test('in version 1 it counts too, and the huge number that stands for no limit does not', () => {
  const limited = { '/proc/self/cgroup': '9:memory:/docker/abc\n3:cpu:/x\n', '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${GIB}\n` };
  expect(usableMemoryBytes(machine(limited))).toBe(GIB);
  expect(usableMemoryBytes(machine({ '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' }))).toBe(8 * GIB);
});

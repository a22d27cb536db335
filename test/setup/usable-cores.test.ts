import { describe, expect, it } from 'vitest';
import { usableCores } from '../../src/setup/usable-cores.mjs';

const machine = (files: Record<string, string>) => ({ available: 8, readText: (path: string) => files[path] });

describe('usableCores', () => {
  it('is the number of cores where no quota is set', () => {
    const open = { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/b/cpu.max': 'max 100000\n' };
    expect(usableCores(machine(open))).toBe(8);
    expect(usableCores(machine({}))).toBe(8);
    expect(usableCores()).toBeGreaterThanOrEqual(1);
  });

  it('is no more than the quota of the cgroup, whole cores only, and never none', () => {
    const limited = (cpuMax: string) => ({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': cpuMax });
    expect(usableCores(machine(limited('100000 100000\n')))).toBe(1);
    expect(usableCores(machine(limited('50000 100000\n')))).toBe(1);
    expect(usableCores(machine(limited('199000 100000\n')))).toBe(1);
    expect(usableCores(machine(limited('100000000 100000\n')))).toBe(8);
  });

  it('minds the quota of a parent, and that of cgroup version 1', () => {
    const nested = { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/cpu.max': '100000 100000\n' };
    expect(usableCores(machine(nested))).toBe(1);
    const old = {
      '/proc/self/cgroup': '5:cpuset:/x\n3:cpu,cpuacct:/docker/abc\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    };
    expect(usableCores(machine(old))).toBe(1);
    expect(usableCores(machine({ ...old, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' }))).toBe(8);
  });
});

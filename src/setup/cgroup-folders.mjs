import { readFileSync } from 'node:fs';
import path from 'node:path';

const CGROUP_ROOT = '/sys/fs/cgroup';

/**
 * The folders where a limit of this process may stand: its cgroup in version 2 and version 1, each with all its parents. In
 * a container the path may be the host's while the mount is the container's own, so the roots are among them in any case.
 *
 * @param {'cpu' | 'memory'} controller
 * @param {(path: string) => string | undefined} readText
 * @returns {string[]}
 */
export function cgroupFolders(controller, readText) {
  const folders = [CGROUP_ROOT, path.join(CGROUP_ROOT, controller)];
  for (const line of (readText('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, place] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || place === undefined) continue;
    if (controllers !== '' && !controllers.split(',').includes(controller)) continue;
    const root = controllers === '' ? CGROUP_ROOT : path.join(CGROUP_ROOT, controller);
    for (let at = place; at !== '/'; at = path.dirname(at)) folders.push(path.join(root, at));
  }
  return folders;
}

/** @param {string} file @returns {string | undefined} */
export function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // no such cgroup file: this machine sets no limit this way
  }
}

import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../src/speech/turnstile.js';

const never = new AbortController().signal;

describe('Turnstile', () => {
  it('lets one task through at a time, in the order in which they came', async () => {
    const turnstile = new Turnstile();
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} in`);
      await Promise.resolve();
      await Promise.resolve();
      events.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => turnstile.run(task(name), never)));
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(turnstile.busy).toBe(false);
  });

  it('goes on after a task that failed', async () => {
    const turnstile = new Turnstile();
    const bad = turnstile.run(() => Promise.reject(new Error('no')), never);
    const good = turnstile.run(() => Promise.resolve('yes'), never);
    await expect(bad).rejects.toThrow('no');
    expect(await good).toBe('yes');
  });

  it('forgets one that is aborted while it waits, and lets the next one through', async () => {
    const turnstile = new Turnstile();
    let release: () => void = () => undefined;
    const first = turnstile.run(() => new Promise<void>((resolve) => (release = resolve)), never);
    const abort = new AbortController();
    let ran = false;
    const second = turnstile.run(() => Promise.resolve((ran = true)), abort.signal);
    const third = turnstile.run(() => Promise.resolve('third'), never);
    abort.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    release();
    await first;
    expect(await third).toBe('third');
    expect(ran).toBe(false);
    expect(turnstile.busy).toBe(false);
  });
});

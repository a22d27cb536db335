import { expect, test } from 'vitest';
import { ModelRefusedError, RetryableError, SetupError } from '../../src/errors.js';
import { followChoice, switchModel, type SwitchModelDependencies } from '../../src/speech/switch-model.js';
import { recordedLog } from '../support/silent-log.js';

const { signal } = new AbortController();

function ground(given: { chosen?: string; broken?: Record<string, Error> } = {}) {
  let chosen = given.chosen;
  const { log, lines } = recordedLog();
  const engine = {
    model: 'base',
    useModel(name: string): Promise<void> {
      const error = given.broken?.[name];
      if (error !== undefined) return Promise.reject(error);
      engine.model = name;
      return Promise.resolve();
    },
  };
  const deps: SwitchModelDependencies = {
    engine,
    present: () => Promise.resolve(['base', 'small', 'mine']),
    settings: { model: () => Promise.resolve(chosen), chooseModel: (name) => Promise.resolve(void (chosen = name)) },
    log,
  };
  return { deps, engine, lines, chosen: () => chosen };
}

test('a model that works is in use from then on, and written down', async () => {
  const { deps, engine, chosen } = ground();
  expect(await switchModel('small', deps, signal)).toEqual({ outcome: 'switched', model: 'small' });
  expect([engine.model, chosen()]).toEqual(['small', 'small']);
  expect(await switchModel('small', deps, signal)).toEqual({ outcome: 'in-use', model: 'small' });
});

test('a model that is not here changes nothing, and what was meant is named', async () => {
  const { deps, engine, chosen } = ground();
  expect(await switchModel('medium', deps, signal)).toEqual({ outcome: 'absent', model: 'medium' });
  expect(await switchModel('mien', deps, signal)).toEqual({ outcome: 'unknown', model: 'mien', nearest: 'mine' });
  expect(await switchModel('../../etc', deps, signal)).toEqual({ outcome: 'unknown', model: '../../etc' });
  expect([engine.model, chosen()]).toEqual(['base', undefined]);
});

test.each([
  ['text', new ModelRefusedError('text', 'wrong words')],
  ['died', new ModelRefusedError('died', 'SIGILL')],
  ['damaged', new SetupError('is no model', 'pull it')],
  ['other', new RetryableError('the engine has been stopped')],
] as const)('a model that cannot be used (%s) is not written down, and the one before stays', async (reason, error) => {
  const { deps, engine, chosen, lines } = ground({ chosen: 'base', broken: { small: error } });
  expect(await switchModel('small', deps, signal)).toEqual({ outcome: 'failed', model: 'small', kept: 'base', reason });
  expect([engine.model, chosen()]).toEqual(['base', 'base']);
  expect(JSON.stringify(lines)).toContain(`the model small cannot be used, base stays: ${error.message}`);
});

test('an abort is no failure of the model', async () => {
  const stop = new AbortController();
  stop.abort(new Error('the daemon is stopping'));
  const { deps, lines } = ground({ broken: { small: new RetryableError('aborted') } });
  await expect(switchModel('small', deps, stop.signal)).rejects.toThrow('the daemon is stopping');
  expect(lines).toEqual([]);
});

test('a choice that was made while nobody listened is followed, and taken back where it cannot be used', async () => {
  const followed = ground({ chosen: 'small' });
  await followChoice(followed.deps, signal);
  expect(followed.engine.model).toBe('small');
  const refused = ground({ chosen: 'small', broken: { small: new ModelRefusedError('memory', 'too large') } });
  await followChoice(refused.deps, signal);
  expect([refused.engine.model, refused.chosen()]).toEqual(['base', 'base']);
  const none = ground();
  await followChoice(none.deps, signal);
  expect([none.engine.model, none.chosen()]).toEqual(['base', undefined]);
});

test('an engine whose models are elsewhere is asked, follows nothing, and its model is never the choice', async () => {
  const { deps, engine, chosen } = ground({ chosen: 'small', broken: { small: new SetupError('the engine openai uses the model gpt', 'set it') } });
  engine.model = 'gpt';
  await followChoice(deps, signal);
  expect(chosen()).toBe('small');
  expect(await switchModel('small', deps, signal)).toEqual({ outcome: 'failed', model: 'small', kept: 'gpt', reason: 'engine' });
  expect(chosen()).toBe('small');
});

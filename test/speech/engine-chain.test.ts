import { describe, expect, it } from 'vitest';
import { errorText, PermanentError, RetryableError, SetupError } from '../../src/errors.js';
import { EngineChain } from '../../src/speech/engine-chain.js';
import type { Engine, EngineRequest } from '../../src/speech/engine.js';
import { silent } from '../support/engine.js';
import { standInEngine } from '../support/stand-in-engine.js';

const never = new AbortController().signal;
const sound: EngineRequest = { pcm: { samples: new Int16Array(1600) }, language: 'en' };
const crash = (): Error => new RetryableError('died');

/** An engine that fails with the given errors in turn, and then works; an `undefined` among them is an answer. */
function engine(name: string, ...errors: (Error | undefined)[]): Engine & { asked: number } {
  const made = {
    ...standInEngine,
    name,
    model: `${name}-model`,
    asked: 0,
    transcribe: () => {
      const error = errors[made.asked];
      made.asked += 1;
      return error === undefined ? Promise.resolve({ segments: [], language: name }) : Promise.reject(error);
    },
  };
  return made;
}

function chainOf(...engines: [Engine, Engine, ...Engine[]]) {
  const clock = { nowMs: 0 };
  const chain = new EngineChain({ engines, log: silent, nowMs: () => clock.nowMs });
  /** Who answers, or what went wrong. */
  const ask = async (): Promise<string> => chain.transcribe(sound, never).then(({ madeBy }) => madeBy?.engine ?? '', errorText);
  return { chain, clock, ask };
}

describe('EngineChain', () => {
  it('asks the first engine as long as it answers, and says who answered', async () => {
    const [first, second] = [engine('first'), engine('second')];
    const { chain } = chainOf(first, second);
    expect(await chain.transcribe(sound, never)).toMatchObject({ madeBy: { engine: 'first', model: 'first-model' }, language: 'first' });
    expect([chain.name, chain.model, second.asked]).toEqual(['first', 'first-model', 0]);
  });

  it('asks the next at once where the owner would have to do something, and lets the first rest, twice as long each time', async () => {
    const broken = new SetupError('the key is refused', 'set it');
    const first = engine('first', broken, broken, undefined);
    const { chain, clock, ask } = chainOf(first, engine('second'));
    expect(await ask()).toBe('second');
    expect([chain.name, chain.resting]).toEqual(['second', ['first']]);
    clock.nowMs = 59_000;
    expect([await ask(), first.asked]).toEqual(['second', 1]);
    clock.nowMs = 60_000;
    expect([await ask(), first.asked]).toEqual(['second', 2]);
    clock.nowMs = 179_000;
    expect([await ask(), first.asked]).toEqual(['second', 2]);
    clock.nowMs = 180_000;
    expect([await ask(), first.asked, chain.resting]).toEqual(['first', 3, []]);
  });

  it('gives a first failure to the caller, who tries again, and after a second in a row asks the next', async () => {
    const first = engine('first', crash(), undefined, crash(), crash());
    const { ask } = chainOf(first, engine('second'));
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual(['died', 'first', 'died', 'second']);
    expect([await ask(), first.asked]).toEqual(['second', 4]);
  });

  it('asks the next while an engine has told us to wait, as long as it said', async () => {
    const { clock, ask } = chainOf(engine('first', new RetryableError('busy', 3_000_000), undefined), engine('second'));
    expect(await ask()).toBe('second');
    clock.nowMs = 2_999_000;
    expect(await ask()).toBe('second');
    clock.nowMs = 3_000_000;
    expect(await ask()).toBe('first');
  });

  it('asks the next once for a sound that an engine cannot do, which is no fault of the engine', async () => {
    const cannot = new PermanentError('engine', 'cannot do this');
    const first = engine('first', cannot, undefined, cannot);
    const second = engine('second', undefined, cannot);
    const { chain, ask } = chainOf(first, second);
    expect([await ask(), chain.resting, await ask()]).toEqual(['second', [], 'first']);
    expect(await ask()).toBe('cannot do this');
    expect([first.asked, second.asked]).toEqual([3, 2]);
  });

  it('asks those that rest after the others, before it gives up, and answers what the preferred one said', async () => {
    const broken = new SetupError('no model', 'pull it');
    const { ask } = chainOf(engine('first', broken, broken, undefined), engine('second', broken, broken, broken));
    expect([await ask(), await ask(), await ask()]).toEqual(['no model', 'no model', 'first']);
  });

  it('never asks another because of an abort or a stop', async () => {
    const abort = new AbortController();
    const hangs: Engine = { ...standInEngine, transcribe: (_request, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))) };
    const second = engine('second');
    const { chain } = chainOf(hangs, second);
    const asked = chain.transcribe(sound, abort.signal);
    abort.abort(new Error('deleted meanwhile'));
    await expect(asked).rejects.toThrow('deleted meanwhile');
    const stopped = chainOf(engine('first', new SetupError('stopped', '')), second);
    await stopped.chain.stop();
    expect(await stopped.ask()).toBe('stopped');
    expect([second.asked, chain.resting]).toEqual([0, []]);
  });

  it('has trouble only where all of them have', async () => {
    const bad = (name: string): Engine => ({ ...standInEngine, name, trouble: () => Promise.resolve('its model is not there') });
    expect(await chainOf(bad('first'), engine('second')).chain.trouble()).toBeUndefined();
    expect(await chainOf(bad('first'), bad('second')).chain.trouble()).toBe('first: its model is not there; second: its model is not there');
  });

  it('hands a model to all that have it, and refuses one that none has', async () => {
    const used: string[] = [];
    const refusing: Engine = { ...standInEngine, useModel: () => Promise.reject(new SetupError('another model', 'set it')) };
    const taking: Engine = {
      ...standInEngine,
      useModel: (model) => {
        used.push(model);
        return Promise.resolve();
      },
    };
    await chainOf(refusing, taking).chain.useModel('small', never);
    expect(used).toEqual(['small']);
    await expect(chainOf(refusing, refusing).chain.useModel('small', never)).rejects.toBeInstanceOf(SetupError);
  });
});

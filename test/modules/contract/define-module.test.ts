import { expect, test } from 'vitest';
import { capabilities, defineModule, type Capability, type Module } from '../../../src/modules/contract/index.js';
import { problemsOf } from '../../../src/modules/host/check-module.js';
import { ModuleHost } from '../../../src/modules/host/module-host.js';
import { moduleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
const about = { en: { title: 'Tea', summary: 'makes tea' }, ru: { title: 'Чай', summary: 'заваривает чай' } };
const label = { en: 'cups', ru: 'чашки' };
const said = { summary: 'brews', examples: [{ type: 'brew', does: 'it' }] };
const run = (): Promise<string> => Promise.resolve('🍵');

// Each of these must be an error of the compiler, or the compiler complains of the comment; and somebody who writes without types is told when it loads.
const undocumented: Record<string, () => Module> = {
  // @ts-expect-error a module without a text
  'a module without a text': () => defineModule({ name: 'tea', version: '1.0.0' }),
  // @ts-expect-error a module in one language
  'a module in one language': () => defineModule({ name: 'tea', version: '1.0.0', about: { en: about.en } }),
  // @ts-expect-error a module without a summary
  'a module without a summary': () => defineModule({ name: 'tea', version: '1.0.0', about: { en: { title: 'Tea' }, ru: about.ru } }),
  // @ts-expect-error a command without a text
  'a command without a text': () => defineModule({ name: 'tea', version: '1.0.0', about, commands: (command) => [command({ name: 'brew', run })] }),
  // @ts-expect-error a command in one language
  'a command in one language': () => defineModule({ name: 'tea', version: '1.0.0', about, commands: (command) => [command({ name: 'brew', about: { en: said }, run })] }),
  // @ts-expect-error a command without examples
  'a command without examples': () => defineModule({ name: 'tea', version: '1.0.0', about, commands: (command) => [command({ name: 'brew', about: { en: { summary: 'brews' }, ru: said }, run })] }),
  // @ts-expect-error an argument without a name
  'an argument without a name': () => defineModule({ name: 'tea', version: '1.0.0', about, commands: (command) => [command({ name: 'brew', about: { en: said, ru: said }, args: { cups: { kind: 'integer' } }, run })] }),
  // @ts-expect-error a flag without a text
  'a flag without a text': () => defineModule({ name: 'tea', version: '1.0.0', about, commands: (command) => [command({ name: 'brew', about: { en: said, ru: said }, flags: { green: { kind: 'boolean' } }, run })] }),
  // @ts-expect-error a setting without a text
  'a setting without a text': () => defineModule({ name: 'tea', version: '1.0.0', about, settings: { strength: { kind: 'integer', default: 3 } } }),
  // @ts-expect-error a setting in one language
  'a setting in one language': () => defineModule({ name: 'tea', version: '1.0.0', about, settings: { strength: { kind: 'integer', default: 3, about: { ru: 'крепость' } } } }),
  // @ts-expect-error a setting with a default of another kind
  'a setting with a default of another kind': () => defineModule({ name: 'tea', version: '1.0.0', about, settings: { strength: { kind: 'integer', default: '3', about: label } } }),
  // @ts-expect-error something that there is not to use
  'something that there is not to use': () => defineModule({ name: 'tea', version: '1.0.0', about, uses: ['session'] }),
};

test.each(Object.keys(undocumented))('%s neither compiles nor loads', (what) => {
  const module = undocumented[what]!();
  expect(problemsOf(module)).not.toEqual([]);
  expect(() => new ModuleHost({ modules: [{ module }] } as never)).toThrow(problemsOf(module)[0]!);
});

test('what a module does not declare is not there to be used: the compiler says so', () => {
  defineModule({
    name: 'tea',
    version: '1.0.0',
    about,
    uses: ['send'],
    settings: { strength: { kind: 'choice', options: ['weak', 'strong'], default: 'weak', about: label } },
    commands: (command) => [
      command({
        name: 'brew',
        about: { en: said, ru: said },
        args: { cups: { kind: 'integer', optional: true, label } },
        run: async ({ args, flags }, ctx, signal) => {
          const cups: number | undefined = args.cups;
          const strength: 'weak' | 'strong' = ctx.settings.strength;
          // @ts-expect-error it is a number
          const never: string = args.cups;
          const absent = [
            // @ts-expect-error there is no such flag
            flags.green as unknown,
            // @ts-expect-error there is no such setting
            ctx.settings.heat as unknown,
            // @ts-expect-error what is not declared is not there
            ctx.store as unknown,
            // @ts-expect-error what is not declared is not there
            ctx.network as unknown,
          ];
          // @ts-expect-error settings are read
          ctx.settings.strength = 'weak';
          await ctx.send.send('saved', `${cups} ${strength} ${never} ${absent.length}`, undefined, signal);
          return undefined;
        },
      }),
    ],
  });
  expect(capabilities).toHaveLength(6);
});

test('each of what a module may use is in its context alone where it declared that alone, and nothing can be put there', async () => {
  const modules = capabilities.map((use) => defineModule({ name: `only-${use}`, version: '1.0.0', about, uses: [use] }));
  const { host } = await moduleGround([...modules, defineModule({ name: 'bare', version: '1.0.0', about })], { redis: context.redis });
  const contextOf = (name: string): object => host.contextOf(name) as object;
  const everybodys = Object.keys(contextOf('bare'));
  for (const use of capabilities) {
    const ctx = contextOf(`only-${use}`);
    expect(Object.keys(ctx).filter((key) => !everybodys.includes(key))).toEqual([use]);
    expect([Object.isFrozen(ctx), Object.getPrototypeOf(ctx), Object.getOwnPropertySymbols(ctx)]).toEqual([true, Object.prototype, []]);
    for (const other of capabilities.filter((each) => each !== use)) expect((ctx as Partial<Record<Capability, unknown>>)[other]).toBeUndefined();
  }
});

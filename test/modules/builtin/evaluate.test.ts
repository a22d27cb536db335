import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateModule } from '../../../src/modules/builtin/evaluate/evaluate-module.js';
import { message } from '../../support/messages.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const real = testRedis();
let ground: ModuleGround;

beforeAll(async () => {
  ground = await moduleGround(evaluateModule(), { redis: real.redis });
});

afterAll(async () => {
  await ground.host.stop();
});

describe('.e', () => {
  it('shows the code and what its last expression comes to, with await at the top', async () => {
    expect(await ground.type('.e const x = await Promise.resolve(20);\nx * 2 + 2')).toMatch(/^const x = await Promise\.resolve\(20\);\nx \* 2 \+ 2\n✅ [\d.]+ m?s\n42$/);
  });

  it('knows the message, the one that it answers, and what it was given, as data', async () => {
    ground.gateway.incoming.set(77, message({ messageId: 77, text: 'two words' }));
    const code = `[message.text.slice(0, 2), reply.text.split(' ').length, args, message.outgoing, typeof process]`;
    expect(await ground.type(`.e --args 3,b ${code}`, { replyToMessageId: 77 })).toContain('[".e", 2, ["3", "b"], true, "undefined"]');
  });

  it('takes braces for an object where they are one, shows the console, and says in which line it threw', async () => {
    expect(await ground.type('.e { a: 1, b: { c: [] } }')).toContain('{ a: 1, b: { c: [] } }');
    const threw = await ground.type('.e console.log("before", 1);\nconst f = () => nothing;\nf()');
    expect(threw).toContain('❌ Threw in line 2\nReferenceError: ');
    expect(threw).toContain('Console\nbefore 1');
    expect(await ground.type('.e {\n  let a = ;\n}')).toContain('❌ Threw in line 2\nSyntaxError: ');
  });

  it('is stopped at its limits, says at which, and the next one runs', async () => {
    const short = await moduleGround(evaluateModule(), { redis: real.redis, language: 'ru', settings: { deadline: 1000, memory: 64 } });
    expect(await short.type('.e for (;;);')).toContain('⏱ Остановлено: выполнялось дольше 1 с');
    await short.host.stop();
    const small = await moduleGround(evaluateModule(), { redis: real.redis, language: 'ru', settings: { deadline: 60_000, memory: 24 } });
    expect(await small.type('.e const all = []; for (;;) all.push(new Uint8Array(1e6))')).toContain('🧠 Остановлено: понадобилось больше 24 МБ');
    expect(await small.type('.e "x".repeat(1e6)')).toContain('… и ещё символов: 997000');
    expect(await small.type('.e 1 + 1')).toMatch(/\n2$/);
    await small.host.stop();
  });

  it('is no business of others, nor of a message that was edited', () => {
    const [command] = evaluateModule().commands;
    expect(command?.access).toBe('typed');
  });
});

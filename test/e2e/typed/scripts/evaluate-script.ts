import type { Typist } from '../typist.js';

/** Two run at once, which is what one account may: it halves the time. */
export async function evaluateScript({ right, wrong, hostile, sandbox, owner, anna, language }: Typist): Promise<void> {
  const [took, threw] = { en: ['✅ [\\d.]+ m?s', '❌ Threw'], ru: ['✅ [\\d,.]+ м?с', '❌ Ошибка'] }[language] as [string, string];
  const value = (shown: string): RegExp => new RegExp(`\\n${took}\\n${shown}$`, 'u');
  const error = (line: number | undefined, text: string): RegExp => new RegExp(`\\n${threw}${line === undefined ? '' : ` (in line|в строке) ${line}`}\\n${text}`, 'u');
  const both = async (...pair: Promise<unknown>[]): Promise<unknown> => Promise.all(pair);
  const replyTo = sandbox.send.text({ from: anna, to: owner, text: 'mind the gap' });

  await both(right('.e 2 ** 64', value('18446744073709552000')), right('.eval reply.text.split(" ").length', value('3'), { replyTo }));
  await both(right('юу --args 3,4 args.map(Number)', value('\\[3, 4\\]')), right('.E { a: await Promise.resolve(message.outgoing) }', value('\\{ a: true \\}')));
  await right('.e console.log("seen", 1n); console.error({}); undefined', { en: /\nundefined\nConsole\nseen 1n\nerror: \{\}$/, ru: /\nundefined\nКонсоль\nseen 1n\nerror: \{\}$/ });

  await wrong('.e', { en: 'Missing: code. This way: .e <code…>', ru: 'Не хватает: код. Вот так: .e <код…>' });
  await wrong('.e --arg 1 x', /--arg\b.*--args/);
  await wrong('.evall 1', /\.evall.*\.eval\?$/);
  await both(right('.e "never closed', error(1, 'SyntaxError')), right('.e 1;\nconst x = nothing;', error(2, "ReferenceError: 'nothing' is not defined")));

  // Nothing is there to reach for.
  const reaches = 'const ways = { process: () => process.env, require: () => require("fs"), fetch: () => fetch("http://127.0.0.1"), maker: () => [].constructor.constructor("return process")(), fs: () => import("node:fs"), proc: () => import("/proc/self/environ"), core: () => host.call("send.send", { to: "saved", what: "x" }), wasm: () => new WebAssembly.Memory({ initial: 1 }) };';
  const tried = 'const tries = []; for (const [name, way] of Object.entries(ways)) tries.push(await Promise.resolve().then(way).then(() => name + " found", (error) => "no")); tries.join()';
  await both(hostile(`.e ${reaches} ${tried}`, value('no,no,no,no,no,no,no,no')), hostile('.e Object.prototype.polluted = 1; JSON.stringify = Array.prototype.map = null; ({}).polluted', value('1')));
  // Nor does anything stay. These answers have no words of ours: a process each, so they are typed in one language.
  if (language === 'en') {
    const traps = 'const o = { get trap() { throw 1 } }; const p = new Proxy({ a: 1 }, { ownKeys() { throw 2 } }); const c = { s: Symbol("x"), n: 10n, u: undefined, f() {}, d: new Date(NaN) }; c.c = c;';
    await both(hostile(`.e ${traps} [typeof ({}).polluted, host.inspect(o), host.inspect(p)].join() + host.inspect(c)`, /\nundefined,\[cannot be shown\],\[cannot be shown\]\{\n {2}s: Symbol\(x\),[^]*c: \[circular\]\n\}$/), hostile('.e (function f() { f() })()', error(1, 'InternalError: stack overflow')));
    await both(hostile('.e throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })', error(undefined, 'Error: an error that cannot be shown')), hostile('.e throw { toString() { throw 1 } }', error(undefined, 'Error: \\{ toString')));
    await hostile(`.e ${'1+'.repeat(1900)}1`, /^1\+1/);
    await both(hostile('.e await new Promise(() => {})', error(undefined, 'Error: it waits for something that cannot happen')), hostile('.e new Error("<b>\\u202eturned\\u0007\\ud800")', /Error: <b>\ufffdturned\ufffd\ufffd\n +at <eval> \(code:1:\d+\)$/));
  }
  await both(
    hostile('.e for (let i = 0; i < 1e3; i += 1) console.log("flood".repeat(20)); "still here"', { en: /\nstill here\nConsole\n(flood)+[^]*… \d+ more characters$/, ru: /\nstill here\nКонсоль\n(flood)+[^]*… и ещё символов: \d+$/ }),
    hostile('.e "x".repeat(1e6)', /\nx{3000}\n… .*997000/),
  );
  await hostile('.e const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1))', { en: '🧠 Stopped: it wanted more than 64 MB', ru: '🧠 Остановлено: понадобилось больше 64 МБ' });

  await right('.config evaluate deadline 1s', '✅');
  const over = { en: '⏱ Stopped: it ran longer than 1 s', ru: '⏱ Остановлено: выполнялось дольше 1 с' };
  const running = [hostile('.e console.log("begun"); for (;;);', new RegExp(`${over[language]}\\n(Console|Консоль)\\nbegun$`)), hostile('.e setTimeout(() => 1, 1e5); await new Promise(() => {})', over)];
  // A third one has to wait its turn.
  await hostile('.e "third"', { en: 'Two of these are running already', ru: 'Уже выполняются две такие команды' });
  await Promise.all(running);
}

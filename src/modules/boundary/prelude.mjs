/**
 * What a confined program finds in its world beside the language itself: `console`, `host`, `setTimeout`, `clearTimeout`.
 * It runs inside QuickJS before the program does, and keeps what it needs of the language, so that a program that
 * changes its own world changes nothing here. The functions that it is given take and give numbers and strings only.
 */
export const PRELUDE = String.raw`
(function (bridge, maxOutput, maxLine) {
  'use strict';
  const { parse, stringify } = JSON;
  const { ask, settle, line, later, never, evaluate } = bridge;
  const PlainPromise = Promise, PlainError = Error, PlainMap = Map, PlainString = String;
  const { freeze, defineProperty, keys, getPrototypeOf } = Object;
  const isArray = Array.isArray;
  const open = new PlainMap(), timers = new PlainMap();
  const get = PlainMap.prototype.get.call.bind(PlainMap.prototype.get);
  const set = PlainMap.prototype.set.call.bind(PlainMap.prototype.set);
  const remove = PlainMap.prototype.delete.call.bind(PlainMap.prototype.delete);
  const functionText = Function.prototype.toString.call.bind(Function.prototype.toString);
  let lastId = 0;
  let exported = {};

  function show(value, depth, seen) {
    if (typeof value === 'string') return depth === 0 ? value : stringify(value);
    if (typeof value === 'bigint') return value + 'n';
    if (typeof value === 'symbol') return value.toString();
    if (typeof value === 'function') return functionText(value).startsWith('class') ? '[class ' + value.name + ']' : '[function ' + (value.name || 'anonymous') + ']';
    if (typeof value !== 'object' || value === null) return PlainString(value);
    if (seen.includes(value)) return '[circular]';
    if (depth > 5) return isArray(value) ? '[…]' : '{…}';
    const inside = [...seen, value];
    const one = (part) => show(part, depth + 1, inside);
    if (value instanceof PlainError) return depth > 1 ? '[' + value.name + ': ' + value.message + ']' : value.name + ': ' + value.message + '\n' + (value.stack || '').trimEnd();
    if (value instanceof Date) return isNaN(value) ? 'Invalid Date' : value.toISOString();
    if (value instanceof RegExp) return value.toString();
    if (value instanceof PlainPromise) return '[promise]';
    const pad = '  '.repeat(depth);
    const block = (begin, parts, end) => {
      const flat = begin + (parts.length ? ' ' + parts.join(', ') + ' ' : '') + end;
      if (flat.length + pad.length <= 72 && !flat.includes('\n')) return begin === '[' ? flat.replace(/^\[ /, '[').replace(/ \]$/, ']') : flat;
      return begin + '\n' + parts.map((part) => pad + '  ' + part).join(',\n') + '\n' + pad + end;
    };
    const some = (list, draw) => {
      const parts = [];
      for (let i = 0; i < list.length && i < 100; i += 1) parts.push(draw(list[i], i));
      if (list.length > 100) parts.push('… ' + (list.length - 100) + ' more');
      return parts;
    };
    if (isArray(value)) return block('[', some(value, one), ']');
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return block(value.constructor.name + ' [', some(value, PlainString), ']');
    if (value instanceof PlainMap) return block('Map {', some([...value], ([key, item]) => one(key) + ' => ' + one(item)), '}');
    if (value instanceof Set) return block('Set {', some([...value], one), '}');
    const maker = getPrototypeOf(value) === null ? '[null] ' : value.constructor === Object || typeof value.constructor !== 'function' ? '' : value.constructor.name + ' ';
    const name = (key) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : stringify(key));
    return block(maker + '{', some(keys(value), (key) => name(key) + ': ' + one(value[key])), '}');
  }
  const inspect = (value) => {
    try { return show(value, 0, []); } catch { return '[cannot be shown]'; }
  };

  function described(error) {
    try {
      if (!(error instanceof PlainError)) return stringify({ name: 'Error', message: inspect(error).slice(0, maxLine), stack: '' });
      const text = (value, most) => PlainString(value ?? '').slice(0, most);
      return stringify({ name: text(error.name, 100), message: text(error.message, maxLine), stack: text(error.stack, maxLine) });
    } catch {
      return '{"name":"Error","message":"an error that cannot be shown","stack":""}';
    }
  }
  function packed(value) {
    const text = stringify(value) ?? 'null';
    if (text.length > maxOutput) throw new RangeError('more than ' + maxOutput + ' bytes');
    return text;
  }
  const unpacked = (text) => parse(text);

  const dispatch = {
    async load(loading) {
      try {
        exported = await loading;
        settle(0, 1, packed(keys(exported)));
      } catch (error) { settle(0, 0, described(error)); }
    },
    refuse(error) { settle(0, 0, described(error)); },
    async call(id, name, input) {
      try {
        const run = exported[name];
        if (typeof run !== 'function') throw new TypeError('it exports no function ' + name);
        settle(id, 1, packed(await run(unpacked(input))));
      } catch (error) { settle(id, 0, described(error)); }
    },
    answer(id, isGood, text) {
      const waiting = get(open, id);
      remove(open, id);
      if (waiting === undefined) return;
      if (isGood) return waiting.resolve(unpacked(text));
      const { name, message } = parse(text);
      const error = new PlainError(message);
      error.name = name;
      waiting.reject(error);
    },
    fire(id) {
      const run = get(timers, id);
      remove(timers, id);
      if (run !== undefined) run();
    },
  };

  const host = {
    call: (name, input) => new PlainPromise((resolve, reject) => {
      const text = packed(input);
      const id = (lastId += 1);
      set(open, id, { resolve, reject });
      ask(id, PlainString(name).slice(0, 200), text);
    }),
    inspect,
    evaluate: (code, fileName) => evaluate(PlainString(code), PlainString(fileName)),
  };
  const give = (name, value) => defineProperty(globalThis, name, { value, writable: false, configurable: false, enumerable: false });
  give('host', freeze(host));
  const print = (level) => (...values) => line(level, values.map(inspect).join(' ').slice(0, maxLine));
  give('console', freeze({ debug: print('debug'), log: print('info'), info: print('info'), warn: print('warn'), error: print('error') }));
  give('setTimeout', (run, delayMs, ...values) => {
    const id = (lastId += 1);
    set(timers, id, () => run(...values));
    later(id, Number(delayMs) || 0);
    return id;
  });
  give('clearTimeout', (id) => {
    if (remove(timers, id)) never(id);
  });
  return (kind, a, b, c) => { dispatch[kind](a, b, c); };
})
`;

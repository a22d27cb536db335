import { describe, expect, it } from 'vitest';
import { punctuate } from '../../src/punctuation/punctuate.js';
import { PARAGRAPH_PAUSE_MS } from '../../src/punctuation/paragraphs.js';
import { SENTENCE_PAUSE_MS } from '../../src/punctuation/sentence-ends.js';
import type { TimedText } from '../../src/punctuation/timed-text.js';

/** `first | second` are two segments that follow at once; each `‖` is a pause that ends a sentence. */
function heard(notation: string): TimedText[] {
  let now = 0;
  return notation.split(/(?=[|‖])/).map((part) => {
    if (part.startsWith('‖')) now += SENTENCE_PAUSE_MS;
    const startMs = now;
    now += 1000;
    return { startMs, endMs: now, text: part.replace(/^[|‖]/, '') };
  });
}

const RUSSIAN: [string, string][] = [
  // Bare words, as small models give them.
  ['привет встреча ужин семь ‖ ночи перезвони ‖ ужин где', 'Привет встреча ужин семь. Ночи перезвони. Ужин где.'],
  ['восемь ты', 'Восемь ты.'],
  ['я сегодня опоздаю ‖ подожди меня', 'Я сегодня опоздаю. Подожди меня.'],
  ['я сегодня | опоздаю на | встречу', 'Я сегодня опоздаю на встречу.'],
  ['я иду в ‖ магазин', 'Я иду в магазин.'],
  ['он сказал что ‖ не придёт', 'Он сказал что не придёт.'],
  ['5 минут и я дома', '5 минут и я дома.'],
  ['ёжик пришёл', 'Ёжик пришёл.'],
  ['увидимся в понедельник ‖ или в мае', 'Увидимся в понедельник. Или в мае.'],
  ['кто-то где-то сказал-таки', 'Кто-то где-то сказал-таки.'],
  ['позвони мне  завтра', 'Позвони мне завтра.'],
  ['привет 😀', 'Привет 😀'],
  ['скидка 20%', 'Скидка 20%.'],
  ['зайди на example.com', 'Зайди на example.com.'],
  ['ютуб это youtube.com/watch?v=1,2', 'Ютуб это youtube.com/watch?v=1,2.'],
  // Questions that cannot be anything else.
  ['где мы', 'Где мы?'],
  ['как дела', 'Как дела?'],
  ['привет как дела', 'Привет как дела?'],
  ['а ты где', 'А ты где?'],
  ['что делаешь ‖ перезвони', 'Что делаешь? Перезвони.'],
  ['можешь ли ты перезвонить', 'Можешь ли ты перезвонить?'],
  ['сколько стоит хлеб', 'Сколько стоит хлеб?'],
  ['почему ты молчишь', 'Почему ты молчишь?'],
  ['как тебя зовут', 'Как тебя зовут?'],
  ['неужели он приехал', 'Неужели он приехал?'],
  // Interrogative words that are none.
  ['когда приду позвоню', 'Когда приду позвоню.'],
  ['как здорово', 'Как здорово.'],
  ['что касается работы', 'Что касается работы.'],
  ['какой ужас', 'Какой ужас.'],
  ['почему он ушёл я не знаю', 'Почему он ушёл я не знаю.'],
  ['где родился там и пригодился', 'Где родился там и пригодился.'],
  ['вряд ли ты успеешь', 'Вряд ли ты успеешь.'],
  ['кто рано встаёт тому бог подаёт', 'Кто рано встаёт тому бог подаёт.'],
  ['разве что завтра', 'Разве что завтра.'],
  // What a punctuating model wrote is trusted; a pause inside a sentence says nothing.
  ['Привет, | я тут подумал ‖ и решил остаться.', 'Привет, я тут подумал и решил остаться.'],
  ['Я был в Москве ‖ с Машей. ‖ Потом уехал.', 'Я был в Москве с Машей. Потом уехал.'],
  ['Как дела? Хорошо! А у тебя?', 'Как дела? Хорошо! А у тебя?'],
  ['Ну... не знаю. Может быть, завтра…', 'Ну... не знаю. Может быть, завтра…'],
  ['Кто? где? когда? Никто не знает.', 'Кто? где? когда? Никто не знает.'],
  ['Это было в 2020 г. в мае, т. е. давно, и т. д. и т. п.', 'Это было в 2020 г. в мае, т. е. давно, и т. д. и т. п.'],
  ['Живёт на ул. Ленина, д. 5, кв. 3.', 'Живёт на ул. Ленина, д. 5, кв. 3.'],
  ['А. С. Пушкин и А.С.Грибоедов.', 'А. С. Пушкин и А.С.Грибоедов.'],
  ['Число 3,14 и время 10:30, счёт 2:1.', 'Число 3,14 и время 10:30, счёт 2:1.'],
  ['Он купил iPhone. iPhone сломался.', 'Он купил iPhone. iPhone сломался.'],
  ['«Ура!» — закричали они.', '«Ура!» — закричали они.'],
  ['— Привет! — сказал он.', '— Привет! — сказал он.'],
  ['Это стоит 10\u00a0000 рублей.', 'Это стоит 10\u00a0000 рублей.'],
  // … and mended where it is not right.
  ['Привет. как дела? всё хорошо.', 'Привет. Как дела? всё хорошо.'],
  ['привет. как дела? всё хорошо! до завтра', 'Привет. Как дела? Всё хорошо! До завтра.'],
  ['Привет , как дела ?', 'Привет, как дела?'],
  ['Привет ,как дела', 'Привет, как дела.'],
  ['Привет,как дела?Хорошо', 'Привет, как дела? Хорошо.'],
  ['Я пришёл.Он ушёл.', 'Я пришёл. Он ушёл.'],
  ['Ну...вот', 'Ну... вот.'],
  ['Я пришёл | . | Он ушёл | .', 'Я пришёл. Он ушёл.'],
  ['Фильм "Брат" мне нравится.', 'Фильм «Брат» мне нравится.'],
  ['Он сказал: "Привет, | как дела?" И ушёл.', 'Он сказал: «Привет, как дела?» И ушёл.'],
  ['Экран 5" и ещё 6" рядом.', 'Экран 5" и ещё 6" рядом.'],
  ['Слово "незакрытое.', 'Слово "незакрытое.'],
  ['«Фильм "Брат"» мне нравится.', '«Фильм "Брат"» мне нравится.'],
  ['Москва - столица.', 'Москва — столица.'],
  ['Москва – столица.', 'Москва — столица.'],
  ['На улице - 5 градусов.', 'На улице - 5 градусов.'],
  ['Страницы 5 - 10.', 'Страницы 5 - 10.'],
  ['- Привет.', '— Привет.'],
  ['Ну, в общем,', 'Ну, в общем.'],
  ['., Привет.', 'Привет.'],
];

const ENGLISH: [string, string][] = [
  ['friend eight evening', 'Friend eight evening.'],
  ['one work nine morning where', 'One work nine morning where.'],
  ["i think i'm late ‖ i'll call you", "I think I'm late. I'll call you."],
  ['so do i ‖ then we left', 'So do I. Then we left.'],
  ['see you on monday in june ‖ or in may', 'See you on Monday in June. Or in may.'],
  ["monday's meeting", "Monday's meeting."],
  ['i am going to the ‖ station', 'I am going to the station.'],
  ['can you call me back', 'Can you call me back?'],
  ['when are we going home', 'When are we going home?'],
  ['what time is it', 'What time is it?'],
  ['how are you', 'How are you?'],
  ['where are we', 'Where are we?'],
  ['is there any bread', 'Is there any bread?'],
  ['what i want is bread', 'What I want is bread.'],
  ['when i come home i will call', 'When I come home I will call.'],
  ['had i known i would have waited', 'Had I known I would have waited.'],
  ['should you need me call', 'Should you need me call.'],
  ['how nice', 'How nice.'],
  ['come on ‖ i am here ‖ yes they are ‖ look', 'Come on. I am here. Yes they are. Look.'],
  ['Hello, how are you? | I am fine.', 'Hello, how are you? I am fine.'],
  ['I met Mr. Smith, Dr. Jones, etc. and left at 5 p.m. today.', 'I met Mr. Smith, Dr. Jones, etc. and left at 5 p.m. today.'],
  ['It uses Node.JS, i.e. std::map at re:Invent.', 'It uses Node.JS, i.e. std::map at re:Invent.'],
  ['Yahoo! is a company.', 'Yahoo! is a company.'],
  ['Hello ,world !', 'Hello, world!'],
  ['He said “yes” and "no".', 'He said "yes" and "no".'],
  ['He said “yes” and don’t.', 'He said “yes” and don’t.'],
  ["Don’t and can't.", "Don't and can't."],
  ['Well - maybe.', 'Well - maybe.'],
  ['Great :) thanks.', 'Great :) thanks.'],
];

const OTHERS: [string | undefined, string, string][] = [
  ['zh', '你好，世界。| 再见！', '你好，世界。再见！'],
  ['zh', '你好 ‖ 再见', '你好。再见。'],
  ['ja', 'こんにちは。元気ですか？', 'こんにちは。元気ですか？'],
  ['ar', 'مرحبا، كيف حالك؟', 'مرحبا، كيف حالك؟'],
  ['th', 'สวัสดี ‖ ลาก่อน', 'สวัสดี ลาก่อน'],
  ['fr', 'Comment ça va ? Bien !', 'Comment ça va ? Bien !'],
  ['fr', 'Comment ça va\u00a0? «\u00a0Bien\u00a0»', 'Comment ça va\u00a0? «\u00a0Bien\u00a0»'],
  ['de', 'Das kostet ca. fünf Euro, bzw. mehr. Gut.', 'Das kostet ca. fünf Euro, bzw. mehr. Gut.'],
  ['tr', 'istanbul güzel', 'İstanbul güzel.'],
  ['ka', 'გამარჯობა', 'გამარჯობა.'],
  ['en-US', 'i am here', 'I am here.'],
  [undefined, 'hello i am here', 'Hello i am here.'],
  [undefined, 'e\u0301cole', 'E\u0301cole.'],
  ['de', 'ßa', 'ßa.'],
];

describe('what is written for what was heard', () => {
  it.each(RUSSIAN)('Russian: %s', (said, written) => expect(punctuate(heard(said), 'ru').text).toBe(written));
  it.each(ENGLISH)('English: %s', (said, written) => expect(punctuate(heard(said), 'en').text).toBe(written));
  it.each(OTHERS)('other (%s): %s', (code, said, written) => expect(punctuate(heard(said), code).text).toBe(written));

  it('is nothing for nothing', () => {
    expect(punctuate([], 'ru')).toEqual({ text: '', segments: [] });
    expect(punctuate([{ startMs: 0, endMs: 1, text: ' \n' }], undefined)).toEqual({ text: '', segments: [] });
  });

  it('has the same words in its segments, with their times', () => {
    expect(punctuate(heard('привет ‖ . | как дела'), 'ru')).toEqual({
      text: 'Привет. Как дела?',
      segments: [
        { startMs: 0, endMs: 1000, text: 'Привет.' },
        { startMs: 2600, endMs: 3600, text: 'Как дела?' },
      ],
    });
  });
});

describe('pauses', () => {
  const apart = (pauseMs: number, text = 'раз два'): TimedText[] => [
    { startMs: 0, endMs: 1000, text },
    { startMs: 1000 + pauseMs, endMs: 5000, text: 'три' },
  ];

  it('end a sentence from the threshold on', () => {
    expect(punctuate(apart(SENTENCE_PAUSE_MS - 1), 'ru').text).toBe('Раз два три.');
    expect(punctuate(apart(SENTENCE_PAUSE_MS), 'ru').text).toBe('Раз два. Три.');
  });

  it('count again where a model that punctuates has stopped doing so', () => {
    const lost = `Да, конечно. ${'слово '.repeat(30)}конец`;
    expect(punctuate(apart(SENTENCE_PAUSE_MS, lost), 'ru').text).toMatch(/конец\. Три\.$/);
    expect(punctuate(apart(SENTENCE_PAUSE_MS, 'Да, конечно. Слово и ещё одно'), 'ru').text).toMatch(/одно три\.$/);
  });

  it('make paragraphs of a long text only, and only behind a sentence', () => {
    const sentence = `${'Длинное слово за словом '.repeat(20).trim()}.`;
    const long = (text: string): TimedText[] => [
      { startMs: 0, endMs: 1000, text },
      { startMs: 1000 + PARAGRAPH_PAUSE_MS, endMs: 5000, text: sentence },
    ];
    expect(punctuate(long(sentence), 'ru').text).toBe(`${sentence}\n\n${sentence}`);
    expect(punctuate(long(`${sentence} Это ещё не`), 'ru').text).not.toContain('\n');
    expect(punctuate(apart(PARAGRAPH_PAUSE_MS), 'ru').text).not.toContain('\n');
  });

  it('do not have to be in order, or numbers at all', () => {
    const broken = [
      { startMs: 5000, endMs: NaN, text: 'раз' },
      { startMs: Infinity, endMs: -5, text: 'два' },
    ];
    expect(punctuate(broken, 'ru').text).toBe('Раз два.');
  });
});

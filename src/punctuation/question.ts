/**
 * Whether a sentence that came without a mark is surely a question. Intonation is not in the text, so only what cannot
 * be read otherwise counts: a wrong question mark misleads more than a missing one.
 */
export function isQuestion(words: readonly string[], language: string | undefined): boolean {
  const plain = words.map((word) => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')).join(' ');
  if (words.some((word) => /[,;:«»"“”()—]/.test(word))) return false;
  if (language === 'ru') return isRussianQuestion(plain);
  if (language === 'en') return isEnglishQuestion(plain.replaceAll('’', "'"));
  return false;
}

/** Words that may stand before a question and belong to it. */
const RUSSIAN_LEAD = /^(?:(?:а|ну|и|так|но|привет|слушай) )+/;

/** At most this many words: longer ones mostly go on as a statement (`почему он ушёл я не понял`). */
const RUSSIAN_QUESTION_WORDS = 5;

/** Questions that are whole sentences, and beginnings after which (within the limit of words) nothing else can come. */
const RUSSIAN_WHOLE = new RegExp(
  `^(?:${[
    'как (?:ты|вы|он|она|они|сам|сама|дела|успехи|жизнь|настроение)(?: там| у тебя| у вас| сегодня)?',
    '(?:ты|вы) (?:где|как|куда|откуда|кто)(?: сейчас)?',
    'что (?:делаешь|делаете|делать|нового|случилось|происходит|такое|это|это такое|думаешь|думаете|скажешь|скажете|купить)',
    'что (?:ты|вы) (?:делаешь|делаете|думаешь|думаете|скажешь|скажете|хочешь|хотите)(?: сегодня| завтра| сейчас)?',
    'что (?:тебе|вам|нам) (?:купить|нужно|надо|взять|принести)',
    'что (?:с тобой|с вами|с ним|с ней)',
    'кто (?:это|там|ты|вы|это был|это такой|ещё будет|придёт|звонил|идёт|едет)(?: завтра| сегодня)?',
    'который час',
    'где|куда|откуда|когда|почему|зачем|сколько',
    'где (?:мы|ты|вы|он|она|они|это|там)(?: сейчас| сегодня| живёшь| живёте| был| была| были| встречаемся| находится)?',
    'когда (?:мы|ты|вы|он|она|они|это)(?: сейчас| сегодня| завтра)?',
    'когда (?:встречаемся|увидимся|созвонимся|выезжаем|приедешь|приедете|придёшь|придёте|будешь|будете)',
    'когда (?:ты|вы) (?:приедешь|приедете|придёшь|придёте|будешь|будете)(?: дома| сегодня| завтра)?',
  ].join('|')})$`,
);
const RUSSIAN_START = new RegExp(
  `^(?:${[
    'как (?:тебя|вас|его|её|их|это) (?:зовут|называется)',
    'как (?:доехать|добраться|пройти|поживаешь|поживаете|думаешь|считаешь)',
    '(?:почему|зачем|куда|откуда) (?:ты|вы|мы|он|она|они|это|так|же)',
    'сколько (?:стоит|времени|лет|человек|это стоит|нас|вас|тебе|вам)',
    'где (?:находится|лежит|лежат|купить|взять|найти|живёт|живут)',
    '(?:какой|какая|какие|какое) (?:у тебя|у вас|у нас)',
    '(?:разве|неужели)(?! что)',
    '(?!вряд |едва |чуть |то |не |мало |шутка |так |что |стоит )[а-яё]+ ли (?:ты|вы|мы|он|она|они|у|это|мне|нам)',
  ].join('|')})(?: |$)`,
);

/** Inside a short question these show that a statement has followed it, or that it was none. */
const RUSSIAN_BLOCKERS = /(?:^| )(?:знаю|понятно|понимаю|неизвестно|неважно|то|тоже|поэтому|если|чтобы|и|а|но)(?: |$)/;

function isRussianQuestion(sentence: string): boolean {
  const question = sentence.replace(RUSSIAN_LEAD, '');
  if (RUSSIAN_WHOLE.test(question)) return true;
  return (
    question.split(' ').length <= RUSSIAN_QUESTION_WORDS &&
    RUSSIAN_START.test(question) &&
    !RUSSIAN_BLOCKERS.test(question)
  );
}

const ENGLISH_LEAD = /^(?:(?:and|but|so|well|okay|ok|hey|hi|hello|oh) )+/;

/** Inversion is English's own question mark, but a long bare run may hold a second sentence. */
const ENGLISH_QUESTION_WORDS = 10;

const SUBJECT =
  "(?:i|you|he|she|it|we|they|this|that|these|those|there|the|a|an|my|your|his|her|our|their|anyone|anybody|everyone|everybody|someone|somebody|anything|everything)";
const VERB = '(?:is|are|was|were|am|do|does|did|can|could|will|would|should|shall|have|has|had|isn\'t|aren\'t|don\'t|doesn\'t|didn\'t|can\'t|won\'t)';
const ASKING =
  '(?:what|where|when|why|how|who|which|whose|how (?:much|many|long|far|often|old|soon|late)|what (?:time|day|kind|else)|where else)';
/** What can stand before its subject in a question only; `had`, `were`, `should` make conditions as well. */
const INVERTED =
  "(?:(?:can|could|will|would|do|did|have|are|were|don't|didn't|can't|won't|haven't|aren't) (?:you|we|they)|(?:can|could|will|did|should|shall) (?:i|we)|(?:does|did|is|was|has|will|can|could|would|isn't|doesn't) (?:he|she|it|anyone|anybody|everyone|everybody|someone|somebody)|(?:is|are|was|were) there|am i)";

const ENGLISH_START = new RegExp(`^(?:${ASKING} ${VERB} ${SUBJECT}|${INVERTED})(?: |$)`);
const ENGLISH_WHOLE =
  /^(?:what|where|when|why|who|how come|what's up|what's new|what's wrong|how's it going|how are things|what about you|how about you|who's there|where's \S+|(?:who|what|where|when|why) (?:are we|are you|is it|is this|is that|not))$/;
const ENGLISH_BLOCKERS = /(?: (?:i|we) (?:don't|do not) know)|(?: no idea)|(?:^what \S+ \S+ (?:is|was)(?: |$))/;

function isEnglishQuestion(sentence: string): boolean {
  const question = sentence.replace(ENGLISH_LEAD, '');
  if (ENGLISH_WHOLE.test(question)) return true;
  return (
    question.split(' ').length <= ENGLISH_QUESTION_WORDS &&
    ENGLISH_START.test(question) &&
    !ENGLISH_BLOCKERS.test(question)
  );
}

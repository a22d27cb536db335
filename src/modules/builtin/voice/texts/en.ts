import { languageName } from '../../../../i18n/language-name.js';
import { decimalText, lengthText } from '../../../../i18n/measure.js';

interface Counts {
  voices: number;
  chats: number;
}

const voices = (count: number): string => (count === 1 ? '1 voice message' : `${count} voice messages`);
const from = ({ voices: count, chats }: Counts): string => `${voices(count)} from ${chats === 1 ? '1 chat' : `${chats} chats`}`;

/** Who chose something, as `choiceInForce` tells it. */
const because = { person: 'chosen for this person', chat: 'chosen for this chat', account: 'chosen for the whole account', setting: 'by default' };

export const en = {
  module: { title: 'Voices', summary: 'writes voice messages down: whose, how, and why' },
  labels: { who: '@name or id', what: 'here] [2d…', languages: 'ru | ru,en | auto | reset', words: '+ words | - words | clear', mode: 'reply | quote | caption | saved | silent | reset', model: 'name', decision: 'answer | skip' },
  units: ['d', 'h', 'min', 's'] as readonly [string, string, string, string],
  words: { here: 'here', auto: 'auto', reset: 'reset', clear: 'clear', answer: 'answer', skip: 'skip', reply: 'reply', quote: 'quote', caption: 'caption', saved: 'saved', silent: 'silent' },
  length: (ms: number) => lengthText(ms, 'en'),
  person: {
    sayWho: 'Whom? Reply to their message, or give an @name or an id; “here” for everyone in this group.',
    notFound: (given: string) => `I do not know ${given}. An id works only for someone this account has met.`,
    notUnderstood: (given: string) => `I do not understand “${given}”. A person is an @name or an id, a time looks like 2d or 3h, everyone here is “here”.`,
    onlyHere: (given: string) => `I do not understand “${given}”. A person is an @name or an id, everyone here is “here”.`,
  },
  track: {
    about: {
      summary: 'write down this person’s voices, or everyone’s in a group',
      details: 'Whose: reply to them, or give an @name or an id; in a private chat nothing is needed; “here” means everyone in this group. With a time such as 2d it ends by itself.',
      examples: [
        { type: 'track @anna_k', does: 'writes down Ann’s voices from now on' },
        { type: 'track here 2d', does: 'writes down everyone’s in this group, for two days' },
      ],
    },
    added: (name: string, until: string | undefined) => `✅ Now tracking: ${name}${until === undefined ? '' : ` (for ${until})`}`,
    already: (name: string, until: string | undefined) => `👌 Already tracked: ${name}${until === undefined ? '' : ` (${until} more)`}`,
    optedOut: '🙅 They asked not to be transcribed; their voices are left alone until they take that back.',
    self: (prefix: string) => `Your own voices are not tracked; they are switched on with ${prefix}config voice own everywhere`,
    channel: 'Nobody answers in a channel: only groups can be tracked.',
  },
  untrack: {
    about: { summary: 'stop writing their voices down', examples: [{ type: 'untrack @anna_k', does: 'leaves Ann’s voices alone' }, { type: 'untrack here', does: 'no longer everyone’s in this group' }] },
    removed: (name: string) => `✅ No longer tracked: ${name}`,
    notTracked: (name: string) => `👌 Was not tracked: ${name}`,
  },
  tracked: {
    about: { summary: 'whose voices are written down', examples: [{ type: 'tracked', does: 'lists people and chats, since when and until when' }] },
    nobody: (prefix: string) => `👥 Nobody is tracked yet. In a private chat: ${prefix}track`,
    people: (count: number) => `👥 Tracked: ${count}`,
    chats: (count: number) => `💬 Everyone in: ${count}`,
    optedOut: (count: number) => `🙅 Do not want it: ${count}`,
    since: (date: string) => `since ${date}`,
    left: (time: string) => `${time} more`,
  },
  transcribe: {
    about: {
      summary: 'write this voice down, whoever sent it',
      details: 'In reply to a voice, a video note, an audio or video file. The text stands under it; with --me in Saved Messages.',
      examples: [{ type: 'transcribe', does: 'writes down the voice that you reply to' }, { type: 'transcribe --me', does: 'the text goes to Saved Messages, nobody else sees it' }],
    },
    meFlag: 'the text goes to Saved Messages',
    sayWhich: 'Which one? Reply to the voice message.',
    noVoice: 'That message has no sound in it.',
    queued: '🎙 Being written down; the text comes under it.',
    queuedSaved: '🎙 Being written down; the text comes to Saved Messages.',
    underWay: '👌 It is being worked on already.',
    optedOut: 'Who said that asked not to be transcribed.',
  },
  mode: {
    about: {
      summary: 'where the text goes: here, for a person, or in Saved Messages for the whole account',
      details:
        'reply: under the voice. quote: under it, collapsed. caption: into your own voice itself; others’ as reply. saved: to Saved Messages alone. silent: it is only recorded.',
      examples: [
        { type: 'mode', does: 'shows what counts here' },
        { type: 'mode @anna_k saved', does: 'Ann’s texts come to Saved Messages' },
        { type: 'mode reset', does: 'takes the choice for this chat back' },
      ],
    },
    names: { reply: 'a reply', quote: 'a collapsed quote', caption: 'the caption of your own voice', saved: 'Saved Messages', silent: 'nowhere, only recorded' },
    here: (mode: string, why: keyof typeof because) => `📮 Texts in this chat: ${mode} (${because[why]})`,
    everywhere: (mode: string, why: keyof typeof because) => `📮 Texts: ${mode} (${because[why]})`,
    person: (name: string, mode: string, why: keyof typeof because) => `📮 Texts of ${name}: ${mode} (${because[why]})`,
    unknown: (given: string) => `There is no “${given}”. Choose reply, quote, caption, saved, silent, or reset.`,
  },
  model: {
    about: { summary: 'the speech model: show or switch', examples: [{ type: 'model', does: 'shows the one in use and those that are here' }, { type: 'model small', does: 'switches; the old one stays where that fails' }] },
    current: (name: string) => `🧠 Model: ${name}`,
    present: (names: string) => `On this machine: ${names}`,
    unknown: (name: string, nearest: string | undefined, names: string, prefix: string) =>
      `There is no model named ${name}. ${nearest === undefined ? `On this machine: ${names}` : `Did you mean ${prefix}model ${nearest}?`}`,
    absent: (name: string, names: string) =>
      `The model ${name} is not on this machine. Get it on the server: npm run model -- pull ${name} · Here already: ${names}`,
    failed: (name: string, kept: string, why: string) => `${name} cannot be used: ${why}. ${kept} stays in use; nothing is lost.`,
    failures: {
      text: 'it does not understand a clip whose words are known',
      slow: 'it was not done with a clip of a few seconds in time',
      died: 'the engine died of it',
      memory: 'this machine has too little memory for it',
      damaged: 'its file is damaged. Get it again on the server with npm run model -- pull',
      engine: 'the engine that is set uses none of the models on this machine',
      other: 'the log says why',
    },
    switched: (name: string) => `✅ Model from now on: ${name}`,
  },
  lang: {
    about: {
      summary: 'what is spoken here, or by someone; in Saved Messages for the whole account',
      examples: [{ type: 'lang ru,en', does: 'Russian or English is spoken in this chat' }, { type: 'lang @anna_k uk', does: 'Ann speaks Ukrainian' }, { type: 'lang reset', does: 'takes the choice back' }],
    },
    name: (code: string) => languageName(code, 'en'),
    any: 'any language',
    or: ' or ',
    because: { ...because, setting: 'by the setting GRAMSCRIBE_SPEECH_LANGUAGE' },
    here: (languages: string, why: string) => `🗣 Spoken in this chat: ${languages} (${why})`,
    everywhere: (languages: string, why: string) => `🗣 Spoken: ${languages} (${why})`,
    person: (name: string, languages: string, why: string) => `🗣 ${name} speaks: ${languages} (${why})`,
    learned: (name: string, language: string) => `👂 What I heard of ${name} was ${language}.`,
    set: '✅ Chosen.',
    reset: '✅ What was chosen is taken back.',
    nothingToReset: '👌 Nothing had been chosen.',
    unknown: (given: string, nearest: string | undefined) =>
      `I do not know the language “${given}”. ${nearest === undefined ? 'Give a name or a code such as ru or en, several (ru,en), auto, or reset.' : `Did you mean ${nearest}?`}`,
    tooMany: (most: number) => `At most ${most} languages; auto is any.`,
    autoAlone: 'Auto stands alone: it is any language.',
  },
  vocab: {
    about: {
      summary: 'names and jargon spoken in this chat, or by a person; in Saved Messages those of the whole account',
      examples: [{ type: 'vocab + Ann-Kathrin, kubectl', does: 'adds two' }, { type: 'vocab @anna_k + Helm', does: 'adds one for the voices of Anna, wherever she is' }, { type: 'vocab - kubectl', does: 'takes one out' }, { type: 'vocab clear', does: 'forgets those of this chat' }],
    },
    none: (prefix: string) => `📖 No names or jargon yet. Add some: ${prefix}vocab + Ann-Kathrin, kubectl`,
    person: (name: string, words: string) => `📖 Spoken by ${name}: ${words}`,
    here: (words: string) => `📖 In this chat: ${words}`,
    account: (words: string) => `📖 In the whole account: ${words}`,
    setting: (words: string) => `📖 By the setting GRAMSCRIBE_VOCABULARY: ${words}`,
    leftOut: (count: number) => `✂️ The model takes no more at once than the last of these; ${count} are left out here.`,
    cleared: '✅ No names or jargon are left here.',
    usage: (prefix: string) => `This way: ${prefix}vocab + Ann-Kathrin, kubectl · ${prefix}vocab - kubectl · ${prefix}vocab clear`,
    bad: (words: number, length: number) => `At most ${words} words of up to ${length} characters each, with commas between them, and no control characters.`,
    absent: (words: string) => `Not among them: ${words}`,
  },
  retry: {
    about: { summary: 'write a voice down once more that failed', details: 'In reply to the voice, or to my answer that it failed.', examples: [{ type: 'retry', does: 'tries the voice again that you reply to' }] },
    sayWhich: 'Which one? Reply to the voice message, or to my answer that it failed.',
    deleted: 'The voice message is deleted: there is nothing to write down any more.',
    nothing: 'Nothing to retry here: this did not fail.',
    again: '🔁 Once more; the answer stands under the voice message.',
    underWay: '👌 It is being worked on already.',
  },
  backlog: {
    about: { summary: 'voices that came while I was away and are not answered', examples: [{ type: 'backlog', does: 'shows them' }, { type: 'backlog answer', does: 'answers them' }, { type: 'backlog skip', does: 'leaves them without an answer' }] },
    usage: (prefix: string) => `Either ${prefix}backlog, ${prefix}backlog answer or ${prefix}backlog skip`,
    summary: ({ ask, tooOld, dropped }: { ask: Counts; tooOld: Counts; dropped: number }, prefix: string) =>
      [
        ask.voices + tooOld.voices === 0 ? '🕰 No voice message is set aside.' : '🕰 Set aside, not answered:',
        ...(ask.voices === 0 ? [] : [`• ${from(ask)}: came while I was away`]),
        ...(tooOld.voices === 0 ? [] : [`• ${from(tooOld)}: too old (GRAMSCRIBE_BACKLOG)`]),
        ...(ask.voices + tooOld.voices === 0 ? [] : [`${prefix}backlog answer or ${prefix}backlog skip`]),
        ...(dropped === 0 ? [] : [`Skipped so far: ${dropped}`]),
      ].join('\n'),
    answering: (count: number) => (count === 0 ? '👌 There is nothing to answer.' : `✅ Writing down: ${voices(count)}`),
    skipped: (count: number) => (count === 0 ? '👌 There is nothing to skip.' : `✅ Skipped: ${voices(count)}`),
  },
  policy: {
    about: { summary: 'which voices are written down: the rules in force', examples: [{ type: 'policy', does: 'shows them, the first that fits decides' }] },
    title: '📋 The first rule that fits decides (✅ written down, ⏸ left alone):',
    hint: (prefix: string) => `Change: ${prefix}config voice`,
    scopes: { nowhere: 'nowhere', private: 'in private chats', groups: 'in groups', everywhere: 'everywhere' },
    files: { none: 'none', audio: 'audio', video: 'video', all: 'audio and video' },
    /** Each as the reason of a decision, and as a line of the table. */
    rules: {
      'not-a-voice': 'it is no voice message',
      edited: 'only its caption was edited',
      'channel-post': 'it stands in a channel',
      ignored: 'you ignore the person or chat',
      file: 'it is a file of a kind that is not switched on',
      own: 'it is your own, and own voices are on there',
      'own-off': 'it is your own',
      'opted-out': 'the person does not want it',
      'chat-kind': 'voices in this kind of chat are off',
      'tracked-person': 'the person is tracked',
      'tracked-chat': 'everyone in the chat is tracked',
      'not-tracked': 'neither person nor chat is tracked',
      demanded: 'you asked for it',
    } as Readonly<Record<string, string>>,
    own: (scope: string) => `own voices: ${scope}`,
    incoming: (scope: string) => `voices of tracked people and chats: ${scope}`,
    filesOn: (files: string) => `files that count as voices: ${files}`,
  },
  why: {
    about: { summary: 'why a voice was or was not written down, and what that cost', details: 'In reply to the voice, or to my answer.', examples: [{ type: 'why', does: 'explains the voice that you reply to' }] },
    sayWhich: 'Which one? Reply to the voice message, or to my answer.',
    taken: (why: string) => `✅ Taken, because ${why}.`,
    takenUnknown: '✅ Taken; by which rule is not on record any more.',
    left: (why: string) => `⏸ Left alone, because ${why} (by the rules as they are now).`,
    wouldBeTaken: (why: string) => `❔ I know nothing of it: it came before my time, or while I was switched off. By the rules as they are now it would be taken, because ${why}.`,
    states: { waiting: '⏳ It waits for its turn.', active: '🎙 It is in work.', delayed: '⏳ It is to be tried again.', done: '' },
    failed: (reason: string, tries: number) => `${reason} Tries: ${tries}.`,
    dropped: '🕰 It gets no answer: you chose to skip it.',
    noSpeech: '🔇 There was no speech in it.',
    delivery: (mode: string) => `📮 Delivered: ${mode}`,
    noCaption: 'it is too long for a caption, or Telegram took none',
    sound: (audio: string, speech: string) => `🎧 ${audio} of sound, ${speech} of it speech`,
    engine: (engine: string, model: string, ms: string) => `⚙️ ${engine}, ${model}: ${ms}`,
    stages: { download: 'download', decode: 'decode', transcribe: 'hear', punctuate: 'punctuate', reply: 'reply' } as Readonly<Record<string, string>>,
    stage: (name: string, seconds: string) => `${name} ${seconds}`,
    seconds: (ms: number) => `${decimalText(ms / 1000, 1, 'en')} s`,
    times: (list: string) => `⏱ ${list}`,
    windows: (count: number, again: number) => `🪟 Windows: ${count}${again === 0 ? '' : `, heard again: ${again}`}`,
    language: (name: string, how: string) => `🗣 ${name} (${how})`,
    heard: 'heard in it',
    known: 'as this person always speaks',
    confidence: (percent: number) => `🎯 Confidence: ${percent}%`,
  },
  queue: {
    about: { summary: 'what is in work, what waits, and how long it may take', examples: [{ type: 'queue', does: 'shows the voices of this chat first' }] },
    empty: '📥 Nothing is in work, nothing waits.',
    active: (count: number) => `🎙 In work: ${count}`,
    waiting: (count: number) => `⏳ Waiting: ${count}`,
    here: 'this chat',
    line: (place: number, where: string, length: string, time: string | undefined) => `${place}. ${where}, ${length}${time === undefined ? '' : ` · ready in about ${time}`}`,
    inWork: (where: string, length: string) => `• ${where}, ${length}`,
    later: 'to be tried again later',
    more: (count: number) => `… and ${count} more`,
    total: (time: string) => `All done in about ${time}.`,
  },
  optOut: {
    out: (back: string | undefined) => `🙅 Understood: your voice messages will not be transcribed.${back === undefined ? '' : ` To take that back, write: ${back}`}`,
    in: '👌 Understood: your voice messages may be transcribed again.',
    told: (name: string, prefix: string) => `🙅 ${name} asked not to be transcribed. Their voices are left alone until they take that back; ${prefix}tracked lists them.`,
    toldIn: (name: string) => `👌 ${name} may be transcribed again: they took it back.`,
  },
  settings: {
    own: 'where your own voices are written down',
    incoming: 'where voices of tracked people and chats are written down',
    files: 'which files count as voices, too',
    quote: 'texts longer than this many characters are collapsed quotes',
    out: 'what people write who do not want to be transcribed',
    in: 'what they write to take that back',
  },
};

import type { VoiceChoices } from '../../../voice/voice-choices.js';
import type { ModuleContext, SettingsOf } from '../../contract/index.js';
import { texts } from './texts.js';

const scopes = ['nowhere', 'private', 'groups', 'everywhere'] as const;

/** The module's settings; what the configuration says are their defaults. */
export function voiceSettings(defaults: VoiceChoices) {
  return {
    own: { kind: 'choice', options: scopes, default: defaults.own, about: texts.both((all) => all.settings.own) },
    incoming: { kind: 'choice', options: scopes, default: defaults.incoming, about: texts.both((all) => all.settings.incoming) },
    files: { kind: 'choice', options: ['none', 'audio', 'video', 'all'], default: defaults.files, about: texts.both((all) => all.settings.files) },
    'quote-above': { kind: 'integer', min: 0, max: 4096, default: defaults.quoteAboveLength, about: texts.both((all) => all.settings.quote) },
    'opt-out-words': {
      kind: 'list',
      of: { kind: 'string', minLength: 2, maxLength: 60 },
      maxItems: 10,
      default: ['/notranscribe', 'не расшифровывай', 'не расшифровывать'],
      about: texts.both((all) => all.settings.out),
    },
    'opt-in-words': {
      kind: 'list',
      of: { kind: 'string', minLength: 2, maxLength: 60 },
      maxItems: 10,
      default: ['/transcribe me', 'можно расшифровывать'],
      about: texts.both((all) => all.settings.in),
    },
  } as const;
}

export type VoiceSettings = ReturnType<typeof voiceSettings>;

export type VoiceContext = ModuleContext<VoiceSettings, 'history' | 'send'>;

export function choicesOf(settings: SettingsOf<VoiceSettings>): VoiceChoices {
  return { own: settings.own, incoming: settings.incoming, files: settings.files, quoteAboveLength: settings['quote-above'] };
}

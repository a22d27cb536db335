import type { ModuleLanguage } from './contract/localized.js';

/** The time of day, and the day where it is another one than today. */
export function momentText(ms: number, nowMs: number, language: ModuleLanguage): string {
  const isToday = new Date(ms).toDateString() === new Date(nowMs).toDateString();
  const day = isToday ? {} : ({ day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { ...day, hour: '2-digit', minute: '2-digit' }).format(ms);
}

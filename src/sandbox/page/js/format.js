/** `1:05` */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** `14:05` */
export function clock(ms, language) {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

/** `14:05:09` */
export function clockWithSeconds(ms, language) {
  return new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23' }).format(ms);
}

/** `21 November` */
export function day(ms, language) {
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' }).format(ms);
}

/** Milliseconds as seconds with one decimal. */
export function seconds(ms, language) {
  return new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(ms / 1000);
}

import { timeZoneKind } from './kinds/time-zone-kind.js';

/** What JavaScript knows of the machine's time. */
export interface MachineTime {
  /** Its name; where `TZ` is empty, a POSIX rule or no zone at all it is undefined, or none that is taken back, or means another one. */
  name: string | undefined;
  /** How far it is ahead of UTC now. */
  aheadMinutes: number;
}

/** The machine's time zone as the kind `time-zone` takes it: by its name, else by its offset, else UTC. */
export function machineZone({ name, aheadMinutes }: MachineTime = machineTime()): string {
  if (name !== undefined && timeZoneKind.fits(name)) return name;
  const [hours, minutes] = [Math.floor(Math.abs(aheadMinutes) / 60), Math.abs(aheadMinutes) % 60];
  const offset = `UTC${aheadMinutes < 0 ? '-' : '+'}${hours}:${String(minutes).padStart(2, '0')}`;
  return timeZoneKind.read(offset) ?? 'UTC';
}

function machineTime(): MachineTime {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string };
  return { name: timeZone, aheadMinutes: -new Date().getTimezoneOffset() };
}

/** How systemd wants to hear from the process that it started. */
export interface SystemdEnvironment {
  /** What the messenger needs, and nothing more of our environment. */
  variables: { NOTIFY_SOCKET: string; PATH?: string };
  /** So long systemd waits for a sign of life before it ends the process; undefined where it does not watch. */
  watchdogMs: number | undefined;
}

/** undefined where systemd did not start us, or does not want to be notified. sd_notify(3), sd_watchdog_enabled(3). */
export function systemdEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): SystemdEnvironment | undefined {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, PATH } = environment;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return undefined;
  const watchdogMs = Number(WATCHDOG_USEC) / 1000;
  const isForUs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === pid;
  return {
    variables: { NOTIFY_SOCKET, ...(PATH === undefined ? {} : { PATH }) },
    watchdogMs: isForUs && watchdogMs > 0 ? watchdogMs : undefined,
  };
}

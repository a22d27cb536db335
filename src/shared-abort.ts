import { setMaxListeners } from 'node:events';

/** An abort that as many may wait for as there is work; Node warns of a leak at the eleventh listener otherwise. */
export function sharedAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

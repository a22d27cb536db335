import type { Module } from '../contract/define-module.js';

/** Where the settings of modules are kept. */
export interface SettingsSource {
  /** Reads what was chosen of the module's settings; the view that comes back shows each as it is when it is read. */
  open(module: Module): Promise<Readonly<Record<string, unknown>>>;
}

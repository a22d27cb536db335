import { commandsScript } from './scripts/commands-script.js';
import { settingsScript } from './scripts/settings-script.js';
import { statusScript } from './scripts/status-script.js';
import { typedTogether } from './typist.js';

// Status is the last: it stops the daemon.
typedTogether({ commands: commandsScript, settings: settingsScript, status: statusScript });

import { commandsScript } from './scripts/commands-script.js';
import { settingsScript } from './scripts/settings-script.js';
import { statusScript } from './scripts/status-script.js';
import { typedTogether } from './typist.js';

// Status is the last: it ends the daemon. There is something that would start it again, so .restart asks.
typedTogether({ commands: commandsScript, settings: settingsScript, status: statusScript }, { NOTIFY_SOCKET: '/nowhere/notify' });

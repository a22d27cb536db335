import { backupScript } from './scripts/backup-script.js';
import { securityScript } from './scripts/security-script.js';
import { typedTogether } from './typist.js';

typedTogether({ security: securityScript, backup: backupScript });

import { notesScript } from './scripts/notes-script.js';
import { remindersScript } from './scripts/reminders-script.js';
import { reportsScript } from './scripts/reports-script.js';
import { typedTogether } from './typist.js';

typedTogether({ notes: notesScript, reminders: remindersScript, reports: reportsScript });

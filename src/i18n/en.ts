import { cli } from './en/cli.js';
import { lifecycle } from './en/lifecycle.js';
import { reply } from './en/reply.js';
import { backlog } from './en/backlog.js';
import { commandsPage } from './en/commands-page.js';
import { commandLine } from './en/command-line.js';
import { failures } from './en/failures.js';
import { jobs } from './en/jobs.js';
import { login } from './en/login.js';
import { doctor } from './en/doctor.js';
import { transcribe } from './en/transcribe.js';
import { model } from './en/model.js';
import { demo } from './en/demo.js';
import { modules } from './en/modules.js';
import { restore } from './en/restore.js';
import { values } from './en/values.js';
import { foreignModules } from './en/foreign-modules.js';

/** Every text that a person sees, in English. Parameters are functions; the Russian twin has the same type. */
export const en = { cli, lifecycle, reply, commandLine, commandsPage, backlog, failures, jobs, login, doctor, transcribe, model, demo, modules, values, restore, foreignModules };

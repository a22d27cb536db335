import type { en } from './en.js';
import { cli } from './ru/cli.js';
import { lifecycle } from './ru/lifecycle.js';
import { reply } from './ru/reply.js';
import { backlog } from './ru/backlog.js';
import { commandsPage } from './ru/commands-page.js';
import { commandLine } from './ru/command-line.js';
import { failures } from './ru/failures.js';
import { jobs } from './ru/jobs.js';
import { login } from './ru/login.js';
import { doctor } from './ru/doctor.js';
import { transcribe } from './ru/transcribe.js';
import { model } from './ru/model.js';
import { demo } from './ru/demo.js';
import { modules } from './ru/modules.js';
import { restore } from './ru/restore.js';
import { values } from './ru/values.js';
import { foreignModules } from './ru/foreign-modules.js';

/** Every text that a person sees, in Russian. A key that is missing here does not compile. */
export const ru: typeof en = { cli, lifecycle, reply, commandLine, commandsPage, backlog, failures, jobs, login, doctor, transcribe, model, demo, modules, values, restore, foreignModules };

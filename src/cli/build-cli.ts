import { Command, InvalidArgumentError, Option } from 'commander';
import { ACCOUNT_ID } from '../account-id.js';
import { SetupError } from '../errors.js';
import { minuteOf } from '../supervisor/account-end.js';
import { addBenchCommands } from './bench-commands.js';
import { createWays } from './create-ways.js';
import type { ChaosOptions } from './chaos.js';
import type { CliDependencies } from './cli-dependencies.js';
import { findSession, sessionVault } from './find-session.js';
import type * as jobsCommands from './jobs.js';
import { addModelCommands } from './model-commands.js';
import { addModuleCommands } from './module-commands.js';
import type { RestoreCommandOptions } from './restore.js';
import type { SoakCommandOptions } from './soak.js';
import type { TranscribeCommandOptions } from './transcribe-command.js';

/** Every command of the shell; each loads its own part of the program only when it is called. */
export function buildCli(deps: CliDependencies): Command {
  const { config, texts, log, lines, version, signal, setStatus } = deps;
  const program = new Command('gramscribe').description(texts.cli.about).version(version).showHelpAfterError();

  program
    .command('start', { isDefault: true })
    .description(texts.cli.start)
    .action(async () => {
      const { start } = await import('./start.js');
      setStatus(await start({ config, texts, log, lines, version, environment: deps.environment, ...(deps.interactive && { signIn: () => signIn(deps) }) }, signal));
    });
  program
    .command('login')
    .description(texts.cli.login)
    .action(async () => setStatus(await signIn(deps)));
  program
    .command('doctor')
    .description(texts.cli.doctor)
    .action(async () => setStatus(await examine(deps)));
  addModelCommands(program, deps);
  addModuleCommands(program, deps);
  addJobsCommands(program, deps);
  addRestoreCommand(program, deps);
  program
    .command('transcribe')
    .description(texts.cli.transcribe)
    .argument('<files...>')
    .addOption(new Option('--json', texts.cli.json).conflicts(['srt', 'vtt']))
    .addOption(new Option('--srt', texts.cli.srt).conflicts('vtt'))
    .option('--vtt', texts.cli.vtt)
    .option('--words', texts.cli.words)
    .option('--language <codes>', texts.cli.language)
    .option('--vocabulary <words>', texts.cli.vocabulary)
    .option('--model <name>', texts.cli.modelOption)
    .action(async (files: string[], options: TranscribeCommandOptions) => {
      const { transcribeCommand } = await import('./transcribe-command.js');
      setStatus(await transcribeCommand(files, options, { config, texts }, signal));
    });
  program
    .command('demo')
    .description(texts.cli.demo)
    .option('--port <number>', texts.cli.demoPort, Number)
    .option('--model <name>', texts.cli.demoModel)
    .option('--no-open', texts.cli.demoNoOpen)
    .action(async (options: { port?: number; model?: string; open: boolean }) => {
      const { demo } = await import('./demo.js');
      const { cacheDir, language } = config;
      // The page shows the daemon's log; what the sandbox itself has to say is for those who look for it.
      const quiet = log.child({ component: 'demo' }, { level: config.logLevel === 'info' ? 'warn' : config.logLevel });
      setStatus(await demo({ ...options, language }, { log: quiet, cacheDir, environment: deps.environment }, signal));
    });
  addBenchCommands(program, deps);
  addChaosCommands(program, deps);
  program
    .command('docs')
    .description(texts.cli.docs)
    .action(async () => {
      const { docs } = await import('./docs.js');
      setStatus(await docs());
    });
  return program;
}

function addChaosCommands(program: Command, { texts, log, signal, setStatus, environment }: CliDependencies): void {
  program
    .command('chaos')
    .description(texts.cli.chaos)
    .option('--voices <number>', texts.cli.chaosVoices, wholeNumber, 200)
    .option('--seed <number>', texts.cli.chaosSeed, wholeNumber, 1)
    .option('--minutes <number>', texts.cli.chaosMinutes, wholeNumber)
    .option('--pace <name>', texts.cli.chaosPace)
    .option('--plan', texts.cli.chaosPlan)
    .option('--json', texts.cli.chaosJson)
    .option('--keep', texts.cli.chaosKeep)
    .action(async (options: ChaosOptions) => {
      const { chaos } = await import('./chaos.js');
      setStatus(await chaos(options, { log: log.child({ component: 'chaos' }, { level: 'warn' }), environment }, signal));
    });
  program
    .command('soak')
    .description(texts.cli.soak)
    .option('--minutes <number>', texts.cli.soakMinutes, wholeNumber, 30)
    .option('--updates <number>', texts.cli.soakUpdates, wholeNumber, 200)
    .option('--json', texts.cli.chaosJson)
    .action(async (options: SoakCommandOptions) => {
      const { soak } = await import('./soak.js');
      setStatus(await soak(options, { log: log.child({ component: 'soak' }, { level: 'warn' }), environment }, signal));
    });
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('A whole number is wanted.');
  return number;
}

function addJobsCommands(program: Command, { config, texts, log, signal, setStatus }: CliDependencies): void {
  const jobs = program.command('jobs').description(texts.cli.jobs);
  const run = async (work: (commands: typeof jobsCommands, deps: jobsCommands.JobsDependencies) => Promise<number>): Promise<void> => {
    const [commands, { jobsCommand }] = await Promise.all([import('./jobs.js'), import('./jobs-command.js')]);
    setStatus(await jobsCommand({ config, texts, log }, (deps) => work(commands, deps), signal));
  };
  jobs
    .command('list', { isDefault: true })
    .description(texts.cli.jobsList)
    .option('--json', texts.cli.json)
    .action((options: { json?: boolean }) => run(({ listJobs }, deps) => listJobs(deps, options)));
  jobs
    .command('show')
    .description(texts.cli.jobsShow)
    .argument('<id>')
    .option('--json', texts.cli.json)
    .action((id: string, options: { json?: boolean }) => run(({ showJob }, deps) => showJob(id, deps, options)));
  jobs
    .command('retry')
    .description(texts.cli.jobsRetry)
    .argument('<id...>')
    .action((ids: string[]) => run(({ retryJobs }, deps) => retryJobs(ids, deps)));
  jobs
    .command('drop')
    .description(texts.cli.jobsDrop)
    .argument('<id...>')
    .action((ids: string[]) => run(({ dropJobs }, deps) => dropJobs(ids, deps)));
}

function addRestoreCommand(program: Command, { config, texts, log, interactive, signal, setStatus }: CliDependencies): void {
  program
    .command('restore')
    .description(texts.cli.restore)
    .argument('<file>')
    .option('--with-rules', texts.cli.restoreWithRules)
    .option('--yes', texts.cli.restoreYes)
    .option('--passphrase-file <file>', texts.cli.restorePassphraseFile)
    .action(async (file: string, options: RestoreCommandOptions) => {
      const [{ restore }, { withRedis }, { StoredAccountState }, { terminalPrompter }] = await Promise.all([
        import('./restore.js'),
        import('./with-redis.js'),
        import('../store/stored-account-state.js'),
        import('./terminal-prompter.js'),
      ]);
      const prompter = interactive ? terminalPrompter : undefined;
      const print = (line: string): void => console.log(line);
      setStatus(await withRedis({ config, log: log.child({}, { level: 'warn' }) }, (redis) => restore(file, options, { state: new StoredAccountState(redis, ACCOUNT_ID), prompter, texts: texts.restore, print }, signal), signal));
    });
}

/** Undefined also where Redis, which remembers it, cannot be asked: its own check says so. */
async function findRefusal(
  session: string,
  { config, texts, log }: Pick<CliDependencies, 'config' | 'texts' | 'log'>,
  signal: AbortSignal,
): Promise<{ found: string; remedy: string } | undefined> {
  const [{ withRedis }, { StoppedAccounts }] = await Promise.all([import('./with-redis.js'), import('../store/stopped-accounts.js')]);
  const find = withRedis({ config, log }, (redis) => new StoppedAccounts(redis).find(ACCOUNT_ID, session), signal);
  const refused = await find.catch(() => undefined);
  if (refused === undefined) return undefined;
  const found = texts.doctor.session.refused(refused.code, minuteOf(refused.atMs));
  return { found, remedy: texts.lifecycle.stopAdvice(refused.code) };
}

async function examine({ config, texts, log, signal, nodeWanted }: CliDependencies): Promise<number> {
  const [{ doctor }, { modelDependencies }, { proxyProbes }] = await Promise.all([
    import('./doctor.js'),
    import('./model-dependencies.js'),
    import('./proxy-probes.js'),
  ]);
  return doctor(
    {
      config,
      // Where Redis cannot be asked, its own check says so.
      model: await modelDependencies({ config, texts, log }, signal).current().catch(() => config.model),
      node: { version: process.versions.node, wanted: nodeWanted },
      loadSession: () => findSession(config, ACCOUNT_ID),
      refusalOf: (session) => findRefusal(session, { config, texts, log }, signal),
      proxies: proxyProbes(config, texts, log),
      texts: texts.doctor,
      log,
      print: (line) => console.log(line),
      isColored: process.stdout.isTTY,
    },
    signal,
  );
}

async function signIn({ config, texts, log, interactive, signal }: CliDependencies): Promise<number> {
  const { apiId, apiHash, testDc: addresses, testDcKey } = config;
  if (apiId === undefined || apiHash === undefined) throw new SetupError(texts.lifecycle.noApiCredentials, '.env');
  const [{ login }, { terminalPrompter }, { loadTestDataCentres }] = await Promise.all([
    import('./login.js'),
    import('./terminal-prompter.js'),
    import('../telegram/test-data-centres.js'),
  ]);
  const testDc = addresses === undefined ? undefined : loadTestDataCentres(addresses, testDcKey ?? '');
  return login(
    {
      accountId: ACCOUNT_ID,
      app: { apiId, apiHash, testDc, ways: createWays(config, texts, log) },
      vault: sessionVault(config),
      prompter: interactive ? terminalPrompter : undefined,
      texts: texts.login,
      print: (line) => console.log(line),
      log,
    },
    signal,
  );
}

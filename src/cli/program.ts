import { Argument, Command, Option } from 'commander';

import { pause } from './commands/pause.js';
import { status } from './commands/status.js';
import { SHELLS } from './completion/candidates.js';
import { SCRIPTS } from './completion/scripts.js';
import { type GlobalOptions, type Io, Session } from './session.js';

const PAIR = 'NODEENI/NODE, or the name of a NodeENIAttachment';
const SUBJECTS = 'node/NAME or nodeeni/NAME';

/** The command line: its commands with their options and help. Those that need Temporal or EC2 are loaded when they run. */
export function createProgram(io: Io, version: string): Command {
  const program = new Command('kubectl multi-eni')
    .description("Shows what the AWS Multi-ENI Controller does with the cluster's nodes, and why.")
    .usage('COMMAND [options]')
    .version(version)
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(--help shows how it is used)')
    .exitOverride();
  addGlobalOptions(program);
  addReads(program, io);
  addChanges(program, io);
  addCompletion(program, io);
  return program;
}

function addGlobalOptions(program: Command): void {
  program
    .option('--kubeconfig <file>', 'the kubeconfig (default: KUBECONFIG, else ~/.kube/config)')
    .option('--context <name>', 'the context of the kubeconfig (default: its current one)')
    .option(
      '--cluster-name <name>',
      "the controller's name for the cluster (default: MULTI_ENI_CLUSTER_NAME, else the UID of kube-system)",
    )
    .option('--ui-url <url>', "address of Temporal's Web UI, for links (default: MULTI_ENI_UI_URL)")
    .addOption(new Option('-o, --output <format>', 'more columns, or JSON').choices(['wide', 'json']));
}

function addReads(program: Command, io: Io): void {
  program
    .command('status')
    .description('a table of nodes and NodeENIs, with the state of each pair')
    .action(async (_options, command: Command) => status(sessionOf(io, command)));
  program
    .command('why')
    .description('explain a node or a NodeENI: from its spec to EC2, what it waits for, and what to do')
    .argument('<name>', 'NAME, node/NAME or nodeeni/NAME')
    .option('--all', 'explain every pair, however many there are')
    .action(async (name: string, options: { all?: true }, command: Command) => {
      const { why } = await import('./commands/why.js');
      await why(sessionOf(io, command), name, { all: options.all === true });
    });
  program
    .command('plan')
    .description('what applying a file would do to each node; changes nothing')
    .requiredOption('-f, --filename <file>', 'YAML or JSON with NodeENIs; - is standard input')
    .option(
      '--ec2',
      'check zones, limits, slots and addresses in EC2 (default: when AWS_REGION or AWS_ENDPOINT_URL_EC2 is set)',
    )
    .option('--no-ec2', 'do not ask EC2')
    .action(async ({ filename, ec2 }: { filename: string; ec2?: boolean }, command: Command) => {
      const { plan } = await import('./commands/plan.js');
      await plan(sessionOf(io, command), { filename, ec2 });
    });
  program
    .command('history')
    .description("the activities of a pair's workflow, each with its time, attempt and outcome")
    .argument('<pair>', PAIR)
    .option('--run <id>', 'an earlier run of the workflow (default: the latest)')
    .action(async (pair: string, { run }: { run?: string }, command: Command) => {
      const { history } = await import('./commands/history.js');
      await history(sessionOf(io, command), pair, run);
    });
  program
    .command('orphans')
    .description('the ENIs without a NodeENIAttachment, as the last audit saw them')
    .action(async (_options, command: Command) => {
      const { orphans } = await import('./commands/orphans.js');
      await orphans(sessionOf(io, command));
    });
}

function addChanges(program: Command, io: Io): void {
  program
    .command('retry')
    .description("tell a pair's workflow to look again now")
    .argument('<pair>', PAIR)
    .action(async (pair: string, _options, command: Command) => {
      const { retry } = await import('./commands/retry.js');
      await retry(sessionOf(io, command), pair);
    });
  program
    .command('pause')
    .description('freeze every change of the ENIs of a node or a NodeENI, cleanup included')
    .argument('<subject...>', SUBJECTS)
    .action(async (subjects: string[], _options, command: Command) => pause(sessionOf(io, command), subjects, true));
  program
    .command('resume')
    .description('let the controller go on with a paused node or NodeENI')
    .argument('<subject...>', SUBJECTS)
    .action(async (subjects: string[], _options, command: Command) => pause(sessionOf(io, command), subjects, false));
}

function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print what a shell has to source to complete the arguments of kubectl-multi_eni')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => io.out(SCRIPTS[shell]));
}

function sessionOf(io: Io, command: Command): Session {
  return new Session(io, command.optsWithGlobals<GlobalOptions>());
}

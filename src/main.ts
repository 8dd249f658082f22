#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { readConfig } from './config/config.js';
import { readTemporalConfig } from './config/temporal.js';
import type { MigrateOptions } from './migrate/migrate.js';
import { createLogger } from './observability/logger.js';
import { type Role, ROLES } from './run/role.js';

const USAGE = `multi-eni: gives each matching Kubernetes node an AWS Elastic Network Interface

  multi-eni run [--role all|watcher|worker]   run the controller (default: all)
  multi-eni migrate [--apply] [--by-slot] [--output table|json]
                                              take over the ENIs of the Go controller (default: a dry run);
                                              see docs/migration.md
  multi-eni --help                            this text
  multi-eni --version                         the version

Everything else is configured by the environment; see the README's table.
`;

/** Exit codes: 0 a clean stop, 1 a failure, 2 wrong arguments or configuration. */
const EXIT = { failure: 1, usage: 2 } as const;

const OPTIONS = {
  role: { type: 'string' },
  apply: { type: 'boolean' },
  'by-slot': { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

type Command =
  { readonly name: 'run'; readonly role: Role } | { readonly name: 'migrate'; readonly options: MigrateOptions };

const command = readArguments();
const settings = readConfig(process.env);
const temporal = readTemporalConfig(process.env);
const errors = [...('errors' in settings ? settings.errors : []), ...('errors' in temporal ? temporal.errors : [])];
if ('errors' in settings || 'errors' in temporal)
  fail(`the configuration is wrong:\n${errors.map((line) => `  ${line}\n`).join('')}`);

// Each command loads what it needs alone: the one has no use for Temporal.
if (command.name === 'migrate') {
  const { migrate } = await import('./migrate/migrate.js');
  const io = {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
    now: Date.now,
  };
  process.exit(await migrate(io, settings.config, command.options));
}

const log = createLogger({ level: settings.config.logLevel, format: settings.config.logFormat });
try {
  const { run } = await import('./run/run.js');
  await run({ role: command.role, config: settings.config, temporal: temporal.connect, log });
  process.exit(0);
} catch (error) {
  log.fatal({ err: error }, 'the controller ends');
  process.exit(EXIT.failure);
}

function readArguments(): Command {
  const { values, positionals } = parsedArguments();
  if (values.help === true) return say(USAGE);
  if (values.version === true) return say(`${process.env['MULTI_ENI_BUILD_VERSION'] ?? 'development'}\n`);
  switch (positionals.join(' ')) {
    case 'run':
      return runCommand(values);
    case 'migrate':
      return migrateCommand(values);
    default:
      return fail(`the command is "run" or "migrate"\n\n${USAGE}`);
  }
}

function runCommand({ role = 'all', ...others }: Values): Command {
  onlyOptionsOf('run', others);
  const wanted = ROLES.find((one) => one === role);
  return wanted === undefined
    ? fail(`--role ${role} is none of ${ROLES.join(', ')}\n\n${USAGE}`)
    : { name: 'run', role: wanted };
}

function migrateCommand({ apply = false, output = 'table', 'by-slot': bySlot = false, ...others }: Values): Command {
  onlyOptionsOf('migrate', others);
  if (output !== 'table' && output !== 'json') return fail(`--output ${output} is neither table nor json\n\n${USAGE}`);
  return { name: 'migrate', options: { apply, bySlot, output } };
}

function onlyOptionsOf(name: string, others: Partial<Values>): void {
  const [odd] = Object.keys(others);
  if (odd !== undefined) fail(`"${name}" has no option --${odd}\n\n${USAGE}`);
}

function parsedArguments(): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function say(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}

function fail(text: string): never {
  process.stderr.write(`multi-eni: ${text}`);
  process.exit(EXIT.usage);
}

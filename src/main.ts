#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { readConfig } from './config/config.js';
import { readTemporalConfig } from './config/temporal.js';
import { createLogger } from './observability/logger.js';
import { type Role, ROLES } from './run/role.js';
import { run } from './run/run.js';

const USAGE = `multi-eni: gives each matching Kubernetes node an AWS Elastic Network Interface

  multi-eni run [--role all|watcher|worker]   run the controller (default: all)
  multi-eni --help                            this text
  multi-eni --version                         the version

Everything else is configured by the environment; see the README's table.
`;

/** Exit codes: 0 a clean stop, 1 a failure, 2 wrong arguments or configuration. */
const EXIT = { failure: 1, usage: 2 } as const;

const role = readArguments();
const settings = readConfig(process.env);
const temporal = readTemporalConfig(process.env);
const errors = [...('errors' in settings ? settings.errors : []), ...('errors' in temporal ? temporal.errors : [])];
if ('errors' in settings || 'errors' in temporal)
  fail(`the configuration is wrong:\n${errors.map((line) => `  ${line}\n`).join('')}`);

const log = createLogger({ level: settings.config.logLevel, format: settings.config.logFormat });
try {
  await run({ role, config: settings.config, temporal: temporal.connect, log });
  process.exit(0);
} catch (error) {
  log.fatal({ err: error }, 'the controller ends');
  process.exit(EXIT.failure);
}

function readArguments(): Role {
  const options = {
    role: { type: 'string', default: 'all' },
    help: { type: 'boolean' },
    version: { type: 'boolean' },
  } as const;
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return say(USAGE);
  if (values.version === true) return say(`${process.env['MULTI_ENI_BUILD_VERSION'] ?? 'development'}\n`);
  if (positionals.length !== 1 || positionals[0] !== 'run') return fail(`the command is "run"\n\n${USAGE}`);
  const wanted = ROLES.find((one) => one === values.role);
  return wanted ?? fail(`--role ${values.role} is none of ${ROLES.join(', ')}\n\n${USAGE}`);
}

function say(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}

function fail(text: string): never {
  process.stderr.write(`multi-eni: ${text}`);
  process.exit(EXIT.usage);
}

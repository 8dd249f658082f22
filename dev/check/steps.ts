import { SUPPORTED } from '../production/node-versions.js';
import type { CountsFormat } from './counts.js';

/** One check of `make test`. */
export interface Step {
  readonly name: string;
  /** `lint` for what looks at text alone, `test` for what runs something. */
  readonly group: 'lint' | 'test';
  /**
   * In a shell, from the repository's folder. `$COUNTS` is the file for the machine-readable result,
   * `$CONTROL_PLANE` the Kubernetes API server that `make setup` built.
   */
  readonly command: string;
  /** Where the number of tests comes from; with `none` the step counts as one. Default `none`. */
  readonly counts?: CountsFormat;
  /** Whether any output means failure, for tools whose exit code says nothing. Default false. */
  readonly mustBeSilent?: boolean;
  /** How many test files it runs at a time: so much of the machine it takes, Infinity for all of it. Default 1. */
  readonly jobs?: number;
  /** Minutes after which it is ended and has failed. Default 5. */
  readonly minutes?: number;
}

/** Everything that `make test` does, in order. */
export const STEPS: readonly Step[] = [
  { name: 'types', group: 'lint', command: 'tsc --noEmit -p tsconfig.json' },
  { name: 'eslint', group: 'lint', command: 'eslint .' },
  { name: 'format', group: 'lint', command: 'prettier --check --log-level warn .' },
  {
    name: 'python-lint',
    group: 'lint',
    command: '.venv/bin/ruff check dev/ec2 && .venv/bin/ruff format --check --quiet dev/ec2',
  },
  { name: 'go-format', group: 'lint', command: 'gofmt -l dev/control-plane', mustBeSilent: true },
  {
    name: 'shell-syntax',
    group: 'lint',
    command: 'for file in .ci/run $(find dev deploy -name "*.sh"); do sh -n "$file" || exit 1; done',
  },
  { name: 'dependencies', group: 'lint', command: 'depcruise --config .dependency-cruiser.cjs src' },
  { name: 'unused', group: 'lint', command: 'knip --no-config-hints' },
  { name: 'build', group: 'test', command: 'rm -rf dist && npm run --silent build' },
  // Alone, since on a new machine it compiles for minutes, which would make the tests beside it late.
  {
    name: 'tools',
    group: 'test',
    command: [
      'sh dev/temporal-server/bring.sh',
      'sh test/guide/kubectl/bring.sh',
      'sh dev/bootstrap/postgres.sh',
      `sh dev/bootstrap/node-version.sh ${SUPPORTED.oldest}`,
      `sh dev/bootstrap/node-version.sh ${SUPPORTED.newest}`,
    ].join(' && '),
    jobs: Infinity,
    minutes: 30,
  },
  {
    name: 'unit',
    group: 'test',
    command: [
      'c8 --include "src/domain/**" --check-coverage --branches 95 --functions 95 --lines 95 --statements 95',
      '--reporter text-summary --reporter html --reports-dir coverage',
      mocha('dev/check/load-domain.ts test/unit'),
    ].join(' '),
    counts: 'mocha',
  },
  { name: 'architecture', group: 'test', command: mocha('test/architecture'), counts: 'mocha' },
  { name: 'docs', group: 'test', command: mocha('test/docs'), counts: 'mocha' },
  { name: 'deploy', group: 'test', command: mocha('test/deploy'), counts: 'mocha' },
  {
    name: 'ec2-contract',
    group: 'test',
    command: 'cd dev/ec2 && ../../.venv/bin/python -m pytest -q --junitxml "$COUNTS"',
    counts: 'junit',
    minutes: 10,
  },
  {
    name: 'control-plane',
    group: 'test',
    command: [
      // By file name: anything else would compile all of Kubernetes with flags of its own.
      'cd dev/control-plane && go test -count=1 -json pki.go pki_test.go > "$COUNTS"',
      'cd test && KUBE_CONTROL_PLANE="$CONTROL_PLANE" go test -count=1 -json ./... >> "$COUNTS"',
    ].join(' && '),
    counts: 'go',
    minutes: 20,
  },
  { name: 'helm', group: 'test', command: mocha('test/helm'), counts: 'mocha', minutes: 15 },
  { name: 'guide', group: 'test', command: mocha('test/guide'), counts: 'mocha', minutes: 15 },
  { name: 'cli', group: 'test', command: mocha('test/cli'), counts: 'mocha', minutes: 15 },
  { name: 'migration', group: 'test', command: mocha('test/migration'), counts: 'mocha' },
  { name: 'observability', group: 'test', command: mocha('test/observability'), counts: 'mocha' },
  { name: 'aws', group: 'test', command: mocha('test/aws'), counts: 'mocha' },
  { name: 'kubernetes', group: 'test', command: mocha('test/kubernetes'), counts: 'mocha' },
  { name: 'upgrade', group: 'test', command: mocha('test/upgrade'), counts: 'mocha', minutes: 10 },
  { name: 'web-ui', group: 'test', command: mocha('test/web-ui'), counts: 'mocha' },
  { name: 'production', group: 'test', command: mocha('test/production'), counts: 'mocha', minutes: 15 },
  { name: 'workflows', group: 'test', command: mocha('test/workflows'), counts: 'mocha', minutes: 10 },
  { name: 'replay', group: 'test', command: mocha('test/replay'), counts: 'mocha' },
  { name: 'oldest-node', group: 'test', command: onNode(SUPPORTED.oldest), counts: 'mocha', minutes: 10 },
  { name: 'newest-node', group: 'test', command: onNode(SUPPORTED.newest), counts: 'mocha', minutes: 10 },
  { name: 'stack', group: 'test', command: mocha('test/stack'), counts: 'mocha' },
  parallel('ec2', 3, SUPPORTED.oldest),
  parallel('cases', 2, SUPPORTED.newest),
  parallel('temporal', 2, SUPPORTED.oldest),
  { name: 'size', group: 'test', command: mocha('test/size'), counts: 'mocha', minutes: 10 },
  {
    ...{ name: 'replicas', group: 'test', counts: 'mocha', minutes: 10 },
    command: controllerOn(SUPPORTED.newest, mocha('test/replicas')),
  },
  { name: 'crash-matrix', group: 'test', command: mocha('test/crash-matrix'), counts: 'mocha', minutes: 18 },
  { name: 'soak', group: 'test', command: mocha('test/soak'), counts: 'mocha', minutes: 10 },
  parallel('e2e', 2, SUPPORTED.newest),
];

function mocha(folder: string): string {
  return `mocha --reporter dev/check/mocha-reporter.cjs --reporter-option "counts=$COUNTS" ${folder}`;
}

/** The tests of a folder, several files at a time: they wait more than they work. The controller runs on this Node.js. */
function parallel(name: string, jobs: number, node: string): Step {
  const command = controllerOn(node, mocha(`--parallel --jobs ${jobs} test/${name}`));
  return { name, group: 'test', command, counts: 'mocha', jobs, minutes: 20 };
}

/** The tests run on the Node.js of the machine, the controllers that they start on another. */
function controllerOn(node: string, command: string): string {
  return `CONTROLLER_NODE=$(sh dev/bootstrap/node-version.sh ${node}) && export CONTROLLER_NODE && ${command}`;
}

/** What depends on Node.js and starts no controller, on another version of it: the pure parts and the SDKs. */
function onNode(version: string): string {
  const tests = 'test/unit test/aws test/replay test/workflows/life.test.ts';
  return `node=$(sh dev/bootstrap/node-version.sh ${version}) && PATH="$(dirname "$node"):$PATH" ${mocha(tests)}`;
}

/**
 * The steps with these names or of these groups, in the order of {@link STEPS}; all for none.
 * @throws Error for a name that there is not
 */
export function selectSteps(names: readonly string[]): readonly Step[] {
  const known = new Set(STEPS.flatMap(({ name, group }) => [name, group]));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`there is no step ${unknown.join(', ')}; there are ${[...known].join(', ')}`);
  }
  return names.length === 0 ? STEPS : STEPS.filter(({ name, group }) => names.includes(name) || names.includes(group));
}

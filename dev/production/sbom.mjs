// node sbom.mjs    prints the bill of materials of the production dependencies, as package-lock.json names them
//
// CycloneDX, in JSON. Run in the folder with package.json and package-lock.json; nothing need be installed.
// The same lockfile gives the same bytes: where npm puts the time and a random number, this has SOURCE_DATE_EPOCH
// (seconds; without it no time) and a number made of the content.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ARGUMENTS = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];

const program = read('package.json');
const { metadata, components, dependencies } = billOfProduction();
const content = {
  version: 1,
  metadata: {
    ...timestamp(),
    lifecycles: metadata.lifecycles,
    // npm calls the program by the name of its folder.
    component: { ...metadata.component, name: program.name },
  },
  components: components.toSorted(by('bom-ref')),
  dependencies: dependencies.map((each) => ({ ...each, dependsOn: each.dependsOn.toSorted() })).toSorted(by('ref')),
};
const bill = {
  $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: serialNumberOf(content),
  ...content,
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);

/** npm's --omit=dev leaves out whatever a development dependency needs as well: so it never gets to see those. */
function billOfProduction() {
  const lock = read('package-lock.json');
  const { '': root, ...packages } = lock.packages;
  const production = Object.fromEntries(Object.entries(packages).filter(([, { dev }]) => dev !== true));
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    write(join(folder, 'package.json'), { ...program, devDependencies: {} });
    write(join(folder, 'package-lock.json'), {
      ...lock,
      packages: { '': { ...root, devDependencies: {} }, ...production },
    });
    const options = { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 };
    return JSON.parse(execFileSync('npm', ARGUMENTS, options));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function write(path, value) {
  writeFileSync(path, JSON.stringify(value));
}

function timestamp() {
  const seconds = process.env.SOURCE_DATE_EPOCH ?? '';
  return seconds === '' ? {} : { timestamp: new Date(Number(seconds) * 1000).toISOString() };
}

function by(key) {
  return (one, other) => (one[key] < other[key] ? -1 : 1);
}

/** A UUID of version 8, which leaves its content to whoever makes it. */
function serialNumberOf(value) {
  const hex = createHash('sha256').update(JSON.stringify(value)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(12, 15)}`,
    `8${hex.slice(15, 18)}`,
    hex.slice(18, 30),
  ];
  return `urn:uuid:${parts.join('-')}`;
}

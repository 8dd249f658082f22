import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { all, type Instruction, instructionsOf, stagesOf } from '../../dev/production/dockerfile.js';

function lastStage(from: readonly Instruction[]): readonly Instruction[] {
  return stagesOf(from).at(-1)?.instructions ?? [];
}

describe('the Dockerfile', () => {
  let file: Instruction[];
  let last: readonly Instruction[];

  before(async () => {
    file = await instructionsOf('Dockerfile');
    last = lastStage(file);
  });

  it('builds every stage on one glibc image of the Node version in .env', async () => {
    const version = /^NODE_VERSION=(.*)$/m.exec(await readFile(join(REPO, '.env'), 'utf8'))?.[1];
    const bases = all(file, 'FROM').map((from) => from.split(' ')[0]);

    assert.deepEqual([...new Set(bases)], ['node:${NODE_VERSION}-bookworm-slim']);
    assert.ok(all(file, 'ARG').includes(`NODE_VERSION=${version}`));
  });

  it('installs what the lock file says, and for the last stage nothing of development', () => {
    const installs = all(file, 'RUN').filter((command) => command.includes('npm '));

    assert.match(installs[0] ?? '', / npm ci$/);
    assert.match(installs[1] ?? '', /^npm run build$/); // with the workflow bundle: `bundle-workflows.js` in package.json
    assert.match(installs[2] ?? '', / npm ci --omit=dev /);
    assert.ok(all(last, 'COPY').includes('--from=dependencies /app/node_modules node_modules'));
    assert.equal(all(last, 'RUN').length, 0);
  });

  it('runs the program itself as a numbered user without rights', () => {
    assert.deepEqual(all(last, 'USER'), ['65532:65532']);
    assert.deepEqual(JSON.parse(all(last, 'ENTRYPOINT')[0] ?? ''), ['node', 'dist/main.js']);
    assert.deepEqual(JSON.parse(all(last, 'CMD')[0] ?? ''), ['run', '--role', 'all']);
    assert.deepEqual(all(last, 'STOPSIGNAL'), ['SIGTERM']);
  });

  it('tells in labels what it was made of, by nothing but its arguments', () => {
    const labels = all(last, 'LABEL').join(' ');
    const told = [...labels.matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)];
    const isArgument = (value = ''): boolean => value.startsWith('$');
    const fromArguments = told.filter(([, , value]) => isArgument(value)).map(([, name, value]) => `${name} ${value}`);

    assert.deepEqual(fromArguments, [
      'version ${VERSION}',
      'revision ${REVISION}',
      'created ${CREATED}',
      'source ${SOURCE}',
    ]);
    assert.deepEqual(
      told.filter(([, , value]) => !isArgument(value)).map(([, name]) => name),
      ['title', 'description', 'licenses'],
    );
  });

  it('holds the bill of materials and the licence', () => {
    assert.ok(all(last, 'COPY').includes('--from=dependencies /app/sbom.cdx.json ./'));
    assert.ok(all(last, 'COPY').includes('package.json LICENSE ./'));
  });

  it('listens where its ports are exposed', () => {
    const environment = all(last, 'ENV').join(' ');

    assert.deepEqual(all(last, 'EXPOSE'), ['8081 9090']);
    assert.match(environment, /MULTI_ENI_HEALTH_ADDR=0\.0\.0\.0:8081\b/);
    assert.match(environment, /MULTI_ENI_METRICS_ADDR=0\.0\.0\.0:9090\b/);
    assert.match(environment, /NODE_OPTIONS="--enable-source-maps --max-old-space-size-percentage=30"/);
  });
});

describe('each Dockerfile', () => {
  for (const name of ['Dockerfile', 'deploy/compose/kubernetes.Dockerfile', 'deploy/compose/ec2.Dockerfile']) {
    it(`${name} copies what there is and what .dockerignore lets through, and ends as no root`, async () => {
      const allowed = (await readFile(join(REPO, '.dockerignore'), 'utf8')).matchAll(/^!(.+)$/gm);
      const folders = [...allowed].map(([, path = '']) => path);
      const file = await instructionsOf(name);

      const sources = all(file, 'COPY')
        .filter((copy) => !copy.startsWith('--from='))
        .flatMap((copy) => copy.split(' ').slice(0, -1));
      for (const source of sources) {
        assert.ok(existsSync(join(REPO, source)), `${source} is not there`);
        assert.ok(
          folders.some((path) => source === path || source.startsWith(`${path}/`)),
          `${source} is ignored`,
        );
      }
      assert.deepEqual(all(lastStage(file), 'USER'), ['65532:65532']);
    });
  }
});

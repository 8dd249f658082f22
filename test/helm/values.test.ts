import assert from 'node:assert/strict';
import { basename, join } from 'node:path';

import { CONTROLLER, CRDS, readYaml, renderChart, renderChartYaml, type Values } from './charts.js';
import { EFFECTS } from './value-effects.js';

/** As much of a JSON schema as the charts use. */
interface Schema {
  readonly $ref?: string;
  readonly additionalProperties?: unknown;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** What a user gets wrong, and what helm must say about it. */
const REFUSED: readonly [what: string, values: Values, message: RegExp][] = [
  ['an unknown value', { watchers: {} }, /additional properties 'watchers' not allowed/],
  [
    'an unknown value of a role',
    { worker: { replica: 3 } },
    /at '\/worker': additional properties 'replica' not allowed/,
  ],
  ['an unknown setting', { settings: { region: 'x' } }, /at '\/settings': additional properties 'region' not allowed/],
  [
    'an interval without a unit',
    { settings: { auditInterval: '300' } },
    /at '\/settings\/auditInterval': '300' does not/,
  ],
  ['a rate of zero', { settings: { ec2Rate: 0 } }, /at '\/settings\/ec2Rate': exclusiveMinimum: got 0, want 0/],
  ['an unknown mode', { settings: { orphanMode: 'purge' } }, /one of 'report', 'delete'/],
  ['a cluster name with a colon', { settings: { clusterName: 'a:b' } }, /at '\/settings\/clusterName': 'a:b' does not/],
  ['an address without a port', { temporal: { address: 'temporal' } }, /at '\/temporal\/address': 'temporal' does not/],
  ['a URL as the address', { temporal: { address: 'https://t:7233' } }, /at '\/temporal\/address': 'https:/],
  ['replicas as text', { watcher: { replicas: '2' } }, /at '\/watcher\/replicas': got string, want integer/],
  [
    'a role that is no ARN',
    { serviceAccount: { roleArn: 'multi-eni' } },
    /at '\/serviceAccount\/roleArn': 'multi-eni'/,
  ],
  ['a tag where the digest belongs', { image: { digest: 'latest' } }, /at '\/image\/digest': 'latest' does not/],
  [
    'a nameless account that is there already',
    { serviceAccount: { create: false } },
    /serviceAccount\.name is needed where serviceAccount\.create is false/,
  ],
  [
    "a role for somebody else's account",
    { serviceAccount: { create: false, name: 'mine', roleArn: 'arn:aws:iam::123456789012:role/x' } },
    /serviceAccount\.roleArn annotates the ServiceAccount that the chart makes/,
  ],
  [
    'two sources of the API key',
    { temporal: { apiKey: 'key', secretName: 'mine' } },
    /temporal\.apiKey makes a Secret, temporal\.secretName names one of yours/,
  ],
];

/** The values of the file, as `a.b.c`, each beside the schema's properties at the same place. */
function leaves(values: unknown, schema: Schema, root: Schema, path = ''): string[] {
  const resolved = root.definitions?.[schema.$ref?.replace('#/definitions/', '') ?? ''] ?? schema;
  if (resolved.properties === undefined) return [path.slice(1)];
  assert.equal(resolved.additionalProperties, false, `additionalProperties at ${path}`);
  const { global: _, ...properties } = resolved.properties;
  assert.deepEqual(Object.keys(values as object).sort(), Object.keys(properties).sort(), `the values at ${path}`);
  return Object.entries(properties).flatMap(([name, property]) =>
    leaves((values as Record<string, unknown>)[name], property, root, `${path}.${name}`),
  );
}

async function leavesOf(chart: string): Promise<string[]> {
  const schema = (await readYaml(join(chart, 'values.schema.json'))) as Schema;
  return leaves(await readYaml(join(chart, 'values.yaml')), schema, schema);
}

function lineCount(text: string): number {
  return text.split('\n').length;
}

/** `a.b` in `values` becomes `to`. */
function withValue(values: Values, path: string, to: unknown): Values {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...values, [first]: to };
  return { ...values, [first]: withValue((values[first] ?? {}) as Values, rest.join('.'), to) };
}

describe('the values of the chart multi-eni-controller', function () {
  this.timeout(600_000); // helm may have to be built
  const rendered = new Map<string, Promise<string>>();

  async function renderOnce(values: Values): Promise<string> {
    const key = JSON.stringify(values);
    const text = rendered.get(key) ?? renderChartYaml(CONTROLLER, values);
    rendered.set(key, text);
    return await text;
  }

  for (const [path, { to, shows, on = {} }] of Object.entries(EFFECTS)) {
    it(`${path} has an effect`, async () => {
      const before = await renderOnce(on);
      const after = await renderChartYaml(CONTROLLER, withValue(on, path, to));

      if (shows === null) assert.ok(lineCount(after) < lineCount(before));
      else assert.match(after, shows);
      if (shows !== null) assert.doesNotMatch(before, shows);
    });
  }

  for (const [what, values, message] of REFUSED) {
    it(`refuse ${what} and say so`, async () => {
      await assert.rejects(renderChart(CONTROLLER, values), message);
    });
  }

  for (const role of ['watcher', 'worker']) {
    it(`of ${role} change nothing else`, async () => {
      const before = await renderChart(CONTROLLER);
      const after = await renderChart(CONTROLLER, { [role]: { replicas: 3, podLabels: { a: 'b' } } });

      const changed = after.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before[index]));
      assert.deepEqual(
        changed.map(({ kind, metadata }) => `${kind} ${metadata?.name}`),
        [`Deployment multi-eni-${role}`],
      );
    });
  }

  it('are all tried here', async () => {
    assert.deepEqual(Object.keys(EFFECTS).sort(), (await leavesOf(CONTROLLER)).sort());
  });
});

describe(`the values of the chart ${basename(CRDS)}`, function () {
  this.timeout(600_000);

  it('are keep and annotations, in the schema too', async () => {
    assert.deepEqual((await leavesOf(CRDS)).sort(), ['annotations', 'keep']);
  });

  it('decide whether the definitions stay when the release goes', async () => {
    const kept = await renderChart(CRDS, { annotations: { mine: 'yes' } });
    const bare = await renderChart(CRDS, { keep: false });

    for (const { metadata } of kept) {
      assert.deepEqual(metadata?.annotations, { mine: 'yes', 'helm.sh/resource-policy': 'keep' });
    }
    for (const { metadata } of bare) assert.deepEqual(metadata?.annotations ?? {}, {});
  });

  it('refuse anything else', async () => {
    await assert.rejects(renderChart(CRDS, { kept: true }), /additional properties 'kept' not allowed/);
  });
});

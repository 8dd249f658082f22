import assert from 'node:assert/strict';

import { CliFailure } from '../../../src/cli/failure.js';
import { readManifests } from '../../../src/cli/plan/manifests.js';

const HEAD = 'apiVersion: networking.k8s.aws/v1alpha1\nkind: NodeENI\n';

describe('a file with NodeENIs', () => {
  it('may have several documents, other kinds among them, and empty ones', () => {
    const text = `${HEAD}metadata: { name: a }\n---\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n---\n${HEAD}metadata: { name: b }\n`;

    const { nodeEnis, others } = readManifests(text, 'f.yaml');

    assert.deepEqual(
      nodeEnis.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(others, ['ConfigMap/c']);
  });

  it('may be JSON, and a List', () => {
    const item = {
      apiVersion: 'networking.k8s.aws/v1alpha1',
      kind: 'NodeENI',
      metadata: { name: 'a' },
      spec: { x: 1 },
    };
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item] });

    assert.deepEqual(readManifests(text, 'f.json').nodeEnis, [{ name: 'a', body: item }]);
  });

  const wrong: Record<string, [string, RegExp]> = {
    'is no YAML': ['a: [', /f\.yaml is no YAML/],
    'has no object': ['just words', /no Kubernetes object/],
    'has no NodeENI': ['apiVersion: v1\nkind: Pod\n', /has no NodeENI/],
    'has one of another version': [
      'apiVersion: networking.k8s.aws/v9\nkind: NodeENI\nmetadata: { name: a }',
      /write networking.k8s.aws\/v1alpha1/,
    ],
    'has one without a name': [HEAD, /has no name/],
    'has one twice': [`${HEAD}metadata: { name: a }\n---\n${HEAD}metadata: { name: a }`, /NodeENI a twice/],
  };
  for (const [what, [text, message]] of Object.entries(wrong)) {
    it(`that ${what} is a failure that says so`, () => {
      assert.throws(
        () => readManifests(text, 'f.yaml'),
        (error) => error instanceof CliFailure && message.test(error.message),
      );
    });
  }
});

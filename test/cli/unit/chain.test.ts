import assert from 'node:assert/strict';

import type { Cluster } from '../../../src/cli/cluster/cluster.js';
import { pairsOf } from '../../../src/cli/pairs/pair-states.js';
import { chainOf, isWell, unselected, type Chain } from '../../../src/cli/why/chain.js';
import { eventsText, explainedText } from '../../../src/cli/why/render.js';
import type { Attachment } from '../../../src/domain/attachment.js';
import { desiredPairs } from '../../../src/domain/pairing/desired.js';
import { REASONS } from '../../../src/domain/reasons.js';
import { attachment, node, nodeEni, NOW } from '../../support/builders.js';
import { cluster } from './cluster.js';

const NODE = node(1, { labels: { role: 'db' } });
const OWNER = nodeEni({ spec: { nodeSelector: { role: 'db' } } });
const SPEC = desiredPairs([NODE], [OWNER]).pairs[0]!.spec;

function attached(
  status: Attachment['status'] = { phase: 'Attached', eniId: 'eni-1', privateIp: '10.0.0.9' },
): Attachment {
  return attachment({ spec: SPEC, status });
}

function chain(changes: Partial<Cluster>): Chain {
  const seen = cluster({ nodes: [NODE], nodeEnis: [OWNER], ...changes });
  return chainOf(
    seen,
    pairsOf(seen, NOW).find(({ nodeEni: name }) => name === 'storage')!,
  );
}

describe('the chain of a pair', () => {
  it('that is attached is well in every link', () => {
    const found = chain({ attachments: [attached()], readySince: new Map([['node-1.0.1', '2025-12-31T23:00:00Z']]) });

    assert.ok(isWell(found));
    assert.deepEqual(
      found.links.map(({ of }) => of),
      ['selector', 'instance', 'slot', 'attachment', 'eni'],
    );
    assert.equal(found.since, '2025-12-31T23:00:00Z');
  });

  it('that is blocked ends with the reason and what to do', () => {
    const status = { phase: 'Blocked', reason: 'SubnetFull', message: 'no free address' } as const;

    const last = chain({ attachments: [attached(status)] }).links.at(-1);

    assert.deepEqual(last, {
      of: 'eni',
      verdict: 'stops',
      text: 'SubnetFull: no free address',
      toDo: REASONS.SubnetFull,
    });
  });

  it('that waits for EC2 does not call on anybody', () => {
    const status = { phase: 'Blocked', reason: 'Throttled', message: 'later' } as const;

    assert.equal(chain({ attachments: [attached(status)] }).links.at(-1)?.verdict, 'waits');
  });

  const stops: Record<string, [Partial<Cluster>, string, RegExp]> = {
    'has no providerID': [{ nodes: [{ ...NODE, providerId: '' }] }, 'instance', /no providerID yet/],
    'is no EC2 instance': [{ nodes: [{ ...NODE, providerId: 'kind://x' }] }, 'instance', /no EC2 instance/],
    'has lost its slot': [
      { attachments: [attachment({ spec: { nodeEni: { name: 'other', uid: 'u' } } })] },
      'slot',
      /NodeENI other holds/,
    ],
    'is paused': [{ nodes: [{ ...NODE, paused: true }] }, 'attachment', /while the NodeENI or the node is paused/],
    'has no Attachment yet': [{}, 'attachment', /has not made it yet/],
    'is being deleted': [
      { nodeEnis: [{ ...OWNER, deleting: true }], attachments: [attached()] },
      'selector',
      /being deleted/,
    ],
    'is no longer selected': [{ nodes: [node(1)], attachments: [attached()] }, 'selector', /no longer carries role=db/],
    'has no node': [{ nodes: [], attachments: [attached()] }, 'selector', /node node-1 is gone/],
    'has no NodeENI': [{ nodeEnis: [], attachments: [attached()] }, 'selector', /NodeENI storage is gone/],
    'is of another machine': [
      { attachments: [attachment({ spec: { ...SPEC, instanceId: 'i-0dead' } })] },
      'instance',
      /another machine/,
    ],
    'has an older spec': [
      { attachments: [attachment({ spec: { ...SPEC, tags: { a: 'b' } } })] },
      'attachment',
      /changed in place/,
    ],
    'is of an older slot': [
      { attachments: [attachment({ spec: { ...SPEC, deviceIndex: 5 } })] },
      'attachment',
      /waits for its turn/,
    ],
  };
  for (const [what, [changes, of, text]] of Object.entries(stops)) {
    it(`that ${what} says so`, () => {
      const link = chain(changes).links.find(({ verdict }) => verdict !== 'ok');

      assert.equal(link?.of, of);
      assert.match(link.text, text);
    });
  }

  it('of a node that is not selected names the labels that it lacks', () => {
    const [link] = unselected(nodeEni({ spec: { nodeSelector: { role: 'web', a: 'b' } } }), NODE).links;

    assert.equal(link?.text, 'the node does not carry role=web (it has role=db), a=b');
  });
});

describe('a chain in words', () => {
  it('has a line for each link, what to do, the workflow with its attempts, and the address', () => {
    const status = { phase: 'Blocked', reason: 'SubnetFull', message: 'no free address' } as const;
    const readySince = new Map([['node-1.0.1', '2025-12-31T23:59:30Z']]);
    const pending = [{ activity: 'attachEni', attempt: 3, failure: 'busy', nextAttemptAt: '2026-01-01T00:00:05Z' }];
    const live = { status: 'running', pending, nextLookAt: '2026-01-01T00:00:09Z' };

    const text = explainedText(
      {
        chain: chain({ attachments: [attached(status)], readySince }),
        workflowId: 'eni:a:b:c',
        webUi: 'http://ui',
        live,
      },
      NOW,
    );

    assert.match(text, /^NodeENI storage on node node-1$/m);
    assert.match(text, /^ {2}eni +stops +SubnetFull: no free address \(for 30s\)$/m);
    assert.match(text, /^ +to do: the subnet has no free address/m);
    assert.match(text, /^ {2}workflow +eni:a:b:c \(running\)$/m);
    assert.match(text, /^ +attachEni, attempt 3, next in 5s; before: busy$/m);
    assert.match(text, /^ +looks again in 9s$/m);
    assert.match(text, /^ {2}web ui +http:\/\/ui$/m);
  });

  it('tells of a workflow that does not run', () => {
    const live = { status: 'unknown', pending: [], nextLookAt: null };

    const text = explainedText(
      { chain: chain({ attachments: [attached()] }), workflowId: 'w', webUi: null, live },
      NOW,
    );

    assert.match(text, /it does not run; the controller starts it/);
  });

  it('is followed by Events, if there are any', () => {
    const event = { at: '2025-12-31T23:59:00Z', about: 'NodeENI/a', type: 'Warning', reason: 'R', message: 'm' };

    assert.equal(eventsText([], NOW), '');
    assert.match(eventsText([event], NOW), /^60s +Warning +R +NodeENI\/a +m$/m);
  });
});

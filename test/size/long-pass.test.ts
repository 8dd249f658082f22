import assert from 'node:assert/strict';

import { eventually } from '../../dev/stack/eventually.js';
import type { Attachment, AttachmentSpec } from '../../src/domain/attachment.js';
import type { ClusterNode } from '../../src/domain/node.js';
import type { Cache } from '../../src/watcher/ports.js';
import { Watcher } from '../../src/watcher/watcher.js';
import { stored } from '../support/builders-plan.js';
import { attachmentSpec, node, nodeEni } from '../support/builders.js';
import { FakeKubernetes, FakeWorkflows, silent } from '../unit/watcher/fakes.js';

const PAIRS = 1_000;

/** An API server that takes half of the Attachments and then does not answer until it is let go on. */
class SlowKubernetes extends FakeKubernetes {
  readonly goOn = Promise.withResolvers<undefined>();
  onRemove: () => void = () => undefined;

  override async createAttachment(spec: AttachmentSpec): Promise<Attachment | null> {
    if (this.attachments.size >= PAIRS / 2) await this.goOn.promise;
    return super.createAttachment(spec);
  }

  override async removeAttachment(attachment: Attachment): Promise<void> {
    this.onRemove();
    return super.removeAttachment(attachment);
  }
}

describe('a change of so many pairs that it takes long', () => {
  let watcher: Watcher;
  let kubernetes: SlowKubernetes;
  let nodes: ClusterNode[];

  beforeEach(() => {
    kubernetes = new SlowKubernetes();
    nodes = [];
    watcher = new Watcher({
      clusterName: 'test',
      caches: {
        nodes: cache(() => nodes),
        nodeEnis: cache(() => [nodeEni({ hasFinalizer: true })]),
        attachments: cache(() => [...kubernetes.attachments.values()]),
      },
      writes: kubernetes,
      workflows: new FakeWorkflows(),
      recorder: { record: () => undefined },
      log: silent,
      resyncMs: 60_000,
    });
  });
  afterEach(async () => {
    kubernetes.goOn.resolve(undefined);
    await watcher.stop();
  });

  function cache<T>(values: () => readonly T[]): Cache<T> {
    return { synced: true, unreadable: [], values };
  }

  it('shows in the status what it has brought about before it ends', async () => {
    nodes = Array.from({ length: PAIRS }, (_, index) => node(index));

    watcher.start();

    const shown = await eventually('the status counts some', () => {
      const status = kubernetes.statuses.at(-1)?.status;
      return status !== undefined && status.attachments.length > 0 ? status : null;
    });
    assert.equal(shown.desired, PAIRS);
    assert.ok(kubernetes.attachments.size <= PAIRS / 2);
  });

  it('lets what comes meanwhile have its turn', async () => {
    for (let index = 0; index < PAIRS; index += 1) {
      const left = stored(attachmentSpec({ nodeName: `gone-${index}`, nodeUid: `uid-gone-${index}` }));
      kubernetes.attachments.set(left.name, left);
    }

    kubernetes.onRemove = () => {
      nodes = [node(1)];
      watcher.trigger();
    };

    watcher.start();
    await eventually('all are removed', () => kubernetes.writes.filter(isRemoval).length === PAIRS);

    const before = kubernetes.writes.indexOf(`create ${attachmentSpec().nodeName}.0.1`);
    assert.ok(before >= 0 && before < PAIRS, `${before} writes came before its creation`);
  });
});

function isRemoval(write: string): boolean {
  return write.startsWith('remove ');
}

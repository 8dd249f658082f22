import assert from 'node:assert/strict';

import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import { createAuditActivities } from '../../../src/activities/audit.js';
import type { AuditDeps } from '../../../src/activities/audit-deps.js';
import type { AuditActivities, Orphan, SurveyResult } from '../../../src/contract/audit.js';
import type { Attachment } from '../../../src/domain/attachment.js';
import type { EniFacts } from '../../../src/domain/observation.js';
import { TAG_KEYS } from '../../../src/domain/tags.js';
import { CloudFailure } from '../../support/builders-cloud.js';
import { attachment, CLUSTER, ENI, eni, inSlot, tagsOf } from '../../support/builders.js';

const INPUT = { clusterName: CLUSTER, orphanMode: 'delete', orphanMinAgeMs: 0 } as const;
const ORPHAN = eni({ eniId: 'eni-lost', tags: { ...tagsOf(attachment()), [TAG_KEYS.attachmentUid]: 'uid-gone' } });

type Sighted = Parameters<AuditActivities['surveyEnis']>[0];

/** A pair that says that all is well. */
function settled(): Attachment {
  const status = { phase: 'Attached', eniId: ENI, observedGeneration: 1, lastUpdated: '2025-12-31T00:00:00Z' } as const;
  return attachment({ status });
}

/** A cluster to audit: what is in it, what was done to it, and what was said of it. */
class Audited implements AuditDeps {
  readonly clusterName = CLUSTER;
  pages: readonly (readonly EniFacts[] | Error)[] = [];
  objects: readonly Attachment[] = [];
  frozen = false;
  deleteFails: Error | null = null;
  readonly deleted: string[] = [];
  readonly woken: string[] = [];
  readonly events: string[] = [];
  readonly surveys: SurveyResult[] = [];
  swept = 0;
  wakeFails = false;
  readonly ec2 = {
    clusterEnis: () => this.listed(),
    eni: async (eniId: string) => Promise.resolve(this.all().find((one) => one.eniId === eniId) ?? null),
    deleteEni: async (eniId: string) => {
      if (this.deleteFails !== null) throw this.deleteFails;
      this.deleted.push(eniId);
      return Promise.resolve();
    },
  };
  readonly attachments = {
    listAll: async () => Promise.resolve([...this.objects]),
    listByNode: async (node: string) => Promise.resolve(this.objects.filter(({ spec }) => spec.nodeName === node)),
  };
  readonly isFrozen = async (): Promise<boolean> => Promise.resolve(this.frozen);
  readonly wake = async ({ name }: { name: string }): Promise<void> => {
    if (this.wakeFails) throw new Error('no such workflow');
    this.woken.push(name);
    return Promise.resolve();
  };
  readonly recorder = { record: ({ reason }: { reason: string }) => void this.events.push(reason) };
  readonly observer = {
    onSurvey: (result: SurveyResult) => void this.surveys.push(result),
    onOrphanDeleted: () => void (this.swept += 1),
  };

  async survey(sightings: SurveyResult['sightings'] = {}): Promise<SurveyResult> {
    const activities = createAuditActivities(this);
    return environment().run(async (input: Sighted) => activities.surveyEnis(input), { ...INPUT, sightings });
  }

  async sweep(eniId = ORPHAN.eniId): Promise<boolean> {
    const activities = createAuditActivities(this);
    return environment().run(async (orphan: Orphan) => activities.deleteOrphan(orphan), {
      eniId,
      clusterName: CLUSTER,
    });
  }

  private all(): EniFacts[] {
    return this.pages.flatMap((page) => (page instanceof Error ? [] : page));
  }

  private async *listed(): AsyncGenerator<readonly EniFacts[]> {
    for (const page of this.pages) {
      if (page instanceof Error) throw page;
      yield await Promise.resolve(page);
    }
  }
}

function environment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
}

describe('the look at everything', () => {
  it('wakes the pairs that differ, and no other', async () => {
    const cluster = new Audited();
    const other = { ...settled(), name: 'node-2.0.1', uid: 'uid-2', spec: { ...settled().spec, nodeName: 'node-2' } };
    cluster.objects = [settled(), other];
    cluster.pages = [[], [eni({ attachment: inSlot() })]];

    const result = await cluster.survey();

    assert.deepEqual(cluster.woken, ['node-2.0.1']);
    assert.deepEqual(result.drift, { missing: 1 });
    assert.deepEqual([result.enis, result.attachments, result.woken, result.notWoken], [1, 2, 1, 0]);
    assert.deepEqual(cluster.events, ['DriftFound']);
    assert.deepEqual(cluster.surveys, [result]);
  });

  it('says how many could not be woken', async () => {
    const cluster = new Audited();
    cluster.objects = [settled()];
    cluster.wakeFails = true;

    const { woken, notWoken } = await cluster.survey();

    assert.deepEqual({ woken, notWoken }, { woken: 0, notWoken: 1 });
  });

  it('does nothing when a page of the list fails', async () => {
    const cluster = new Audited();
    cluster.objects = [settled()];
    cluster.pages = [[], new CloudFailure('transient', 'Ec2Unavailable', false)];

    await assert.rejects(cluster.survey({ [ORPHAN.eniId]: 0 }));

    assert.deepEqual([cluster.woken, cluster.events, cluster.surveys], [[], [], []]);
  });

  it('tells of ENIs without an owner, and hands those that hang on nothing to the next audit', async () => {
    const cluster = new Audited();
    const used = { ...ORPHAN, eniId: 'eni-used', attachment: inSlot({ deviceIndex: 5 }) };
    cluster.objects = [settled()];
    cluster.pages = [[eni({ attachment: inSlot() }), ORPHAN, used]];

    const first = await cluster.survey();
    const second = await cluster.survey(first.sightings);

    assert.deepEqual(first.orphans, { available: 1, attached: 1 });
    assert.deepEqual([first.leaked, second.leaked], [[], ['eni-lost']]);
    assert.deepEqual(cluster.events.slice(0, 2), ['OrphanFound', 'OrphanFound']);
  });
});

describe('a leaked ENI', () => {
  it('is deleted when a fresh look shows it so', async () => {
    const cluster = new Audited();
    cluster.pages = [[ORPHAN]];

    assert.equal(await cluster.sweep(), true);

    assert.deepEqual([cluster.deleted, cluster.swept, cluster.events], [['eni-lost'], 1, ['OrphanDeleted']]);
  });

  const kept: readonly [string, (cluster: Audited) => void][] = [
    ['is gone', (cluster) => (cluster.pages = [[]])],
    ['is attached by now', (cluster) => (cluster.pages = [[{ ...ORPHAN, attachment: inSlot() }]])],
    ['lost the tag of the cluster', (cluster) => (cluster.pages = [[{ ...ORPHAN, tags: {} }]])],
    ['has an owner by now', (cluster) => (cluster.objects = [attachment({ uid: 'uid-gone' })])],
    ['is on record by now', (cluster) => (cluster.objects = [attachment({ status: { eniId: ORPHAN.eniId } })])],
    ['is frozen', (cluster) => (cluster.frozen = true)],
    ['is in use for EC2', (cluster) => (cluster.deleteFails = new CloudFailure('waiting', 'NotVisibleYet', true))],
  ];
  for (const [title, change] of kept) {
    it(`is kept when it ${title}`, async () => {
      const cluster = new Audited();
      cluster.pages = [[ORPHAN]];
      change(cluster);

      assert.equal(await cluster.sweep(), false);

      assert.deepEqual([cluster.deleted, cluster.swept], [[], 0]);
    });
  }

  it('without the tag of a node is looked for among all Attachments', async () => {
    const cluster = new Audited();
    cluster.pages = [[{ ...ORPHAN, tags: { [TAG_KEYS.cluster]: CLUSTER } }]];
    cluster.objects = [attachment({ status: { eniId: ORPHAN.eniId } })];

    assert.equal(await cluster.sweep(), false);
  });

  it('fails the activity when EC2 refuses, so that the report says why', async () => {
    const cluster = new Audited();
    cluster.pages = [[ORPHAN]];
    cluster.deleteFails = new CloudFailure('refused', 'PermissionDenied', true);

    await assert.rejects(cluster.sweep(), { type: 'Blocked' });
  });
});

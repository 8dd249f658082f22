import assert from 'node:assert/strict';

import { EC2_DAMAGE, isTrouble, nameOf } from '../../dev/soak/events.js';
import { Random } from '../../dev/soak/random.js';
import { drawSchedule, type ScheduleOptions } from '../../dev/soak/schedule.js';

const OPTIONS: ScheduleOptions = {
  ...{ seed: 1, seconds: 3600, everySeconds: 1, nodes: 8, nodeEnis: 2 },
  ...{ ec2Damage: true, controllerKillsUntil: 1200 },
};

describe('a schedule', () => {
  it('is the same for the same seed', () => {
    const again = drawSchedule(OPTIONS);

    assert.deepEqual(again, drawSchedule(OPTIONS));
    assert.ok(again.length > 3000, `${again.length} events in an hour`);
  });

  it('is another for another seed', () => {
    const other = drawSchedule({ ...OPTIONS, seed: 2 });

    assert.notDeepEqual(other, drawSchedule(OPTIONS));
  });

  it('is in the order of time, and ends with its time', () => {
    const times = drawSchedule(OPTIONS).map(({ at }) => at);

    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.ok((times.at(-1) ?? 0) <= OPTIONS.seconds);
  });

  it('has every kind of change and of trouble', () => {
    const kinds = new Set(drawSchedule(OPTIONS).map(({ event }) => event.kind));

    for (const kind of ['label', 'edit', 'pause', 'resume', 'remakeNodeEni', 'replaceNode', 'remakeNode'] as const)
      assert.ok(kinds.has(kind), kind);
    for (const kind of ['damage', 'ec2Fault', 'ec2Config', 'kill', 'network', 'clock'] as const)
      assert.ok(kinds.has(kind), kind);
  });

  it('ends what lasts: labels come back, faults, knobs and pauses go', () => {
    const events = drawSchedule(OPTIONS).map(({ event }) => event);
    const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
    const labels = events.filter((event) => event.kind === 'label');

    assert.equal(count('pause'), count('resume'));
    assert.equal(count('ec2Config'), count('ec2ConfigEnds'));
    assert.equal(count('ec2Fault'), count('ec2FaultEnds'));
    assert.equal(labels.filter(({ on }) => on).length, labels.length / 2);
  });

  it('does not kill the controller when its memory is watched', () => {
    const late = drawSchedule(OPTIONS).filter(({ at }) => at > OPTIONS.controllerKillsUntil);
    const killed = late.flatMap(({ event }) => (event.kind === 'kill' ? [event.victim] : []));

    assert.ok(killed.length > 0);
    assert.deepEqual(
      killed.filter((victim) => victim.startsWith('controller')),
      [],
    );
  });

  it('damages ENIs by hand only when it is asked to', () => {
    const damages = (ec2Damage: boolean): Set<string> =>
      new Set(
        drawSchedule({ ...OPTIONS, ec2Damage }).flatMap(({ event }) => (event.kind === 'damage' ? [event.what] : [])),
      );

    assert.ok(EC2_DAMAGE.every((what) => damages(true).has(what)));
    assert.ok(!EC2_DAMAGE.some((what) => damages(false).has(what)));
  });

  it('keeps the node that has an ENI of somebody else', () => {
    const replaced = drawSchedule(OPTIONS).flatMap(({ event }) => (event.kind === 'replaceNode' ? [event.node] : []));

    assert.ok(replaced.length > 0);
    assert.ok(!replaced.includes(0));
  });

  it('counts what goes wrong, not what users do or what ends', () => {
    const events = drawSchedule(OPTIONS).map(({ event }) => event);

    const counted = new Set(events.filter(isTrouble).map(({ kind }) => kind));

    assert.deepEqual([...counted].sort(), ['clock', 'damage', 'ec2Config', 'ec2Fault', 'kill', 'network']);
    assert.ok(events.every((event) => nameOf(event).length > 3));
  });
});

describe('chance', () => {
  it('repeats with its seed, evenly from 0 up to 1', () => {
    const random = new Random(3);
    const drawn = Array.from({ length: 10_000 }, () => random.next());

    assert.equal(drawn[0], new Random(3).next());
    assert.ok(drawn.every((value) => value >= 0 && value < 1));
    assert.ok(Math.abs(drawn.reduce((sum, value) => sum + value, 0) / drawn.length - 0.5) < 0.02);
  });

  it('follows weights', () => {
    const random = new Random(4);
    const drawn = Array.from({ length: 4_000 }, () => random.weighted([[3, 'often'] as const, [1, 'rarely'] as const]));

    const often = drawn.filter((value) => value === 'often').length / drawn.length;

    assert.ok(Math.abs(often - 0.75) < 0.03, String(often));
  });
});

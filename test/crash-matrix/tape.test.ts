import assert from 'node:assert/strict';

import type { Call } from '../../dev/crash-matrix/calls.js';
import { Tape } from '../../dev/crash-matrix/tape.js';
import { Tapes } from '../../dev/crash-matrix/tapes.js';

function call(what: string, isWrite = true): Call {
  return { service: 'EC2', what, isWrite, tokens: [] };
}

function play(tape: Tape, ...calls: Call[]): string[] {
  return calls.map((one) => {
    const place = tape.place(one);
    tape.worked(place);
    return place.key;
  });
}

describe('Tape', () => {
  it('numbers writes, and names reads by the write before them', () => {
    const tape = new Tape([]);

    const keys = play(
      tape,
      call('Read', false),
      call('Write'),
      call('Read', false),
      call('Write'),
      call('Read', false),
    );

    assert.deepEqual(keys, ['Read after start', 'Write', 'Read after Write', 'Write, 2', 'Read after Write, 2']);
  });

  it('has each call of a life once, in order, and begins to count anew in each phase', () => {
    const tape = new Tape([]);
    play(tape, call('Write'), call('Read', false), call('Read', false));
    tape.begin('change');
    play(tape, call('Write'));

    const calls = tape.calls.map(({ phase, key }) => `${phase} ${key}`);

    assert.deepEqual(calls, ['make Write', 'make Read after Write', 'change Write']);
  });

  it('leaves out status writes of a NodeENI whose number is a matter of time', () => {
    const tape = new Tape([]);
    const status = call('NodeENI status');
    play(tape, status, status, status, call('Read', false));
    tape.begin('release');
    play(tape, status, status);

    const calls = tape.calls.map(({ phase, key }) => `${phase} ${key}`);

    const ofMake = ['make NodeENI status', 'make NodeENI status, 2', 'make Read after start'];
    assert.deepEqual(calls, [...ofMake, 'release NodeENI status']);
  });

  it('knows how far each call is: how many writes of its phase come before it', () => {
    const tape = new Tape([]);
    play(tape, call('Write'), call('Read', false), call('Write'));
    tape.begin('change');
    play(tape, call('Write'));

    const far = tape.calls.map(({ writesBefore }) => writesBefore);

    assert.deepEqual(far, [0, 1, 1, 0]);
  });

  it('names no read by an Event, which is written beside the steps', () => {
    const keys = play(new Tape([]), call('Write'), call('Event: Found'), call('Read', false));

    assert.deepEqual(keys, ['Write', 'Event: Found', 'Read after Write']);
  });

  it('gives a call the same place until it has worked', () => {
    const tape = new Tape([]);
    const first = tape.place(call('Write'));

    const second = tape.place(call('Write'));

    assert.equal(second.key, first.key);
  });

  it('strikes once, at the call of the boundary alone', () => {
    const tape = new Tape([]);
    const [place] = [tape.place(call('Write'))];
    const boundary = { call: place, stage: 'before' } as const;
    tape.begin('make', boundary);

    const others = [tape.strikeAt(call('Other')), tape.strikeAt({ ...call('Write'), service: 'Kubernetes' })];
    const struck = tape.strikeAt(call('Write'));
    tape.struck('held');

    assert.deepEqual(others, [null, null]);
    assert.equal(struck, boundary);
    assert.equal(tape.strikeAt(call('Write')), null);
  });
});

describe('Tapes', () => {
  const create = { method: 'POST', path: '/', body: 'Action=CreateNetworkInterface&SubnetId=subnet-1' };
  const made = { status: 200, body: '<networkInterfaceId>eni-1</networkInterfaceId>' };

  it('find the pair of a call by what it names, and learn the ids of its ENI', () => {
    const [mine, other] = [new Tape(['subnet-1']), new Tape(['subnet-2'])];
    const tapes = new Tapes();
    for (const tape of [mine, other]) tapes.add(tape);

    tapes.ec2(create)?.onAnswer?.(made);

    assert.deepEqual(
      mine.calls.map(({ key }) => key),
      ['CreateNetworkInterface'],
    );
    assert.deepEqual(other.calls, []);
    assert.ok(mine.tokens.has('eni-1'));
  });

  it('do not count a call that failed', () => {
    const tape = new Tape(['subnet-1']);
    const tapes = new Tapes();
    tapes.add(tape);

    tapes.ec2(create)?.onAnswer?.({ status: 503, body: '' });

    assert.deepEqual(tape.calls, []);
  });

  it('order a strike, and note how it went', () => {
    const tape = new Tape(['subnet-1']);
    const tapes = new Tapes();
    tapes.add(tape);
    tape.begin('make', { call: tape.place(call('CreateNetworkInterface')), stage: 'before' });

    const order = tapes.ec2(create);
    order?.onStopped?.();
    const held = tape.strikeState;
    order?.onGone?.();

    assert.equal(order?.stage, 'before');
    assert.equal(held, 'held');
    assert.equal(tape.strikeState, 'expired');
  });
});

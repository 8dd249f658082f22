import { PAUSED_ANNOTATION } from '../../domain/names.js';
import type { Kubernetes } from '../../kubernetes/client.js';
import { isNotFound } from '../../kubernetes/errors.js';
import { isPaused, parseMetadata } from '../../kubernetes/metadata.js';
import { CustomObjects } from '../../kubernetes/objects.js';
import { calling, CliFailure } from '../failure.js';
import type { Subject } from '../pairs/subject.js';

/**
 * Sets the annotation `networking.k8s.aws/paused`, or takes it off. Returns false when it was so already.
 *
 * @throws CliFailure when there is no such object, or the call fails
 */
export async function setPaused(kubernetes: Kubernetes, subject: Subject, paused: boolean): Promise<boolean> {
  const doing = `${paused ? 'pause' : 'resume'} ${subject.kind} ${subject.name}`;
  return calling(doing, async () => {
    return subject.kind === 'node'
      ? pauseNode(kubernetes, subject.name, paused)
      : pauseNodeEni(kubernetes, subject.name, paused);
  });
}

async function pauseNodeEni({ custom }: Kubernetes, name: string, paused: boolean): Promise<boolean> {
  const nodeEnis = new CustomObjects(custom, 'nodeenis');
  const raw = await nodeEnis.get(name);
  if (raw === null) throw missing('nodeeni', name);
  const { uid, annotations } = parseMetadata(raw);
  if (isAsWanted(annotations, paused)) return false;
  const patch = { metadata: { annotations: { [PAUSED_ANNOTATION]: paused ? 'true' : null } } };
  await nodeEnis.modify({ name, uid }, () => patch, 'object');
  return true;
}

async function pauseNode({ core }: Kubernetes, name: string, paused: boolean): Promise<boolean> {
  const { uid, annotations } = parseMetadata(await nodeOf(core, name));
  if (isAsWanted(annotations, paused)) return false;
  // A JSON patch, which is what the client sends for a list: it fails when the node is another meanwhile.
  await core.patchNode({ name, body: nodePatch(uid, annotations, paused) });
  return true;
}

function nodePatch(uid: string, annotations: Readonly<Record<string, string>>, paused: boolean): object[] {
  const path = `/metadata/annotations/${PAUSED_ANNOTATION.replace('/', '~1')}`;
  const test = { op: 'test', path: '/metadata/uid', value: uid };
  if (!paused) return [test, { op: 'remove', path }];
  const none = Object.keys(annotations).length === 0;
  return [
    test,
    ...(none ? [{ op: 'add', path: '/metadata/annotations', value: {} }] : []),
    { op: 'add', path, value: 'true' },
  ];
}

async function nodeOf(core: Kubernetes['core'], name: string): Promise<unknown> {
  try {
    return await core.readNode({ name });
  } catch (error) {
    if (isNotFound(error)) throw missing('node', name);
    throw error;
  }
}

/** A value of `false` does not pause; `resume` takes it off all the same, so that the object is as before. */
function isAsWanted(annotations: Readonly<Record<string, string>>, paused: boolean): boolean {
  return paused ? isPaused(annotations) : annotations[PAUSED_ANNOTATION] === undefined;
}

function missing(kind: Subject['kind'], name: string): CliFailure {
  return new CliFailure(`there is no ${kind} ${name}\nSee \`kubectl get ${kind}s\`.`);
}

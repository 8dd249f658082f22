import { setPaused } from '../cluster/pause.js';
import { wrongUse } from '../failure.js';
import { parseSubject } from '../pairs/subject.js';
import type { Session } from '../session.js';

/**
 * Freezes what the controller does for the named nodes and NodeENIs, or lets it go on.
 *
 * @param names - `node/NAME` or `nodeeni/NAME` each
 * @throws CliFailure at the first one that cannot be changed; those before it are
 */
export async function pause(session: Session, names: readonly string[], paused: boolean): Promise<void> {
  const subjects = names.map((name) => {
    return parseSubject(name) ?? wrong(name);
  });
  const results = [];
  for (const { kind, name } of subjects) {
    const changed = await setPaused(session.kubernetes, { kind, name }, paused);
    results.push({ kind, name, paused, changed });
    if (session.options.output !== 'json') session.io.out(`${kind}/${name} ${words(paused, changed)}\n`);
  }
  if (session.options.output === 'json') session.print(results, () => '');
}

function words(paused: boolean, changed: boolean): string {
  if (!changed) return paused ? 'is paused already' : 'is not paused';
  return paused ? 'paused: nothing of its ENIs is changed, released or deleted until you resume it' : 'resumed';
}

function wrong(name: string): never {
  throw wrongUse(`${name} may be a node or a NodeENI: say node/${name} or nodeeni/${name}`);
}

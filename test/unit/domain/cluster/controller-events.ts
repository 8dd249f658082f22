import { choose, type Events } from './event.js';

/** What the controller does, and how it fares. */
export const CONTROLLER_EVENTS: Events = {
  'watcher passes': (cluster) => cluster.pass(),
  'a pair takes some steps': async (cluster, which, how) => {
    const id = choose(cluster.workflows.lives.keys(), which);
    for (let turns = 0; id !== undefined && turns <= how; turns += 1) await cluster.turn(id);
  },
  'a pair goes on': (cluster, which) => cluster.run(choose(cluster.workflows.lives.keys(), which) ?? ''),
  'watcher starts anew': (cluster) => cluster.restartWatcher(),
  'watcher looks at everything': async (cluster) => {
    cluster.resync();
    await cluster.pass();
  },
  'history is lost': (cluster, which) => cluster.terminate(choose(cluster.workflows.lives.keys(), which) ?? ''),
  'an audit looks': (cluster) => cluster.audit(),
  'all work': (cluster) => cluster.work(),
  'some time passes': ({ clock }, which) => void (clock.now += 1_000 * 4 ** (which % 7)),
};

import type { Answer, Routes } from './http.js';

/** One thing that must be so for the process to do its work: null when it is, else what is not. */
export type Check = () => string | null;

/** `/livez` answers while the event loop turns; `/readyz` names every check that fails. */
export function healthRoutes(checks: Readonly<Record<string, Check>>): Routes {
  return { '/livez': () => ({ status: 200, body: 'ok\n' }), '/readyz': () => readiness(checks) };
}

/** The checks that fail now, each with what is not as it must be. */
export function failingChecks(
  checks: Readonly<Record<string, Check>>,
): readonly { readonly name: string; readonly problem: string }[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const problem = check();
    return problem === null ? [] : [{ name, problem }];
  });
}

function readiness(checks: Readonly<Record<string, Check>>): Answer {
  const failing = failingChecks(checks);
  if (failing.length === 0) return { status: 200, body: 'ok\n' };
  return { status: 503, body: failing.map(({ name, problem }) => `${name}: ${problem}\n`).join('') };
}

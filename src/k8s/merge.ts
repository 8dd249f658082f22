/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON merge patch (RFC 7396) that turns `before` into `after`: absent fields are removed by null. */
export function mergePatch(before: Json, after: Json): Json {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, wanted] = [before[key], after[key]];
    if (canonical(old) === canonical(wanted)) continue;
    if (isObject(old) && isObject(wanted)) patch[key] = mergePatch(old, wanted);
    else patch[key] = wanted === undefined ? null : wanted;
  }
  return patch;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

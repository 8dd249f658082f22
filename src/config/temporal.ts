import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';

/** How to reach Temporal, as Temporal's own environment configuration says: `TEMPORAL_ADDRESS` and its siblings. */
export function readTemporalConfig(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly connect: ClientConnectConfig } | { readonly errors: readonly string[] } {
  try {
    const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { connect: loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) }) };
  } catch (error) {
    return { errors: [`TEMPORAL_*: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

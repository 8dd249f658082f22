import { composeVariables } from './compose.js';

/** The oldest and the newest version that `engines` in package.json allows; a test holds it to them. */
export const SUPPORTED = { oldest: '22.19.0', newest: '26.10.0' } as const;

/** The versions of Node.js that are tested: the oldest and the newest that `engines` allows, and the image's. */
export type NodeVersions = Readonly<Record<'oldest' | 'image' | 'newest', string>>;

/** Reads the image's version from .env. */
export async function nodeVersions(): Promise<NodeVersions> {
  const { NODE_VERSION: image = '' } = await composeVariables();
  return { ...SUPPORTED, image };
}

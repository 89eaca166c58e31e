import type { GraphQLSchema } from 'graphql';
import { offlineManifest } from './offline-manifest.ts';

/**
 * A plugin of GraphQL Code Generator, under the name that it demands: writes the manifest that `createOffline({ manifest })` takes.
 *
 * ```ts
 * generates: { 'src/generated/offline.ts': { plugins: ['farside/schema'] } }
 * ```
 *
 * The schema must be the expanded one: that of the running server, or `print(expandSchema(sdl).document)` of the annotated SDL.
 */
export function plugin(schema: GraphQLSchema): { readonly prepend: string[]; readonly content: string } {
  return {
    prepend: ["import type { OfflineManifest } from 'farside/schema';"],
    content: `export const manifest = ${JSON.stringify(offlineManifest(schema), null, 2)} as const satisfies OfflineManifest;\n`,
  };
}

import { readFileSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { print } from 'graphql';
import * as offline from './schema/index.ts';

/**
 * Writes demo/generated/ from demo/schema.graphql and the operations in demo/**\/*.graphql:
 * `npx graphql-codegen --config codegen.ts`. Commit what it writes; a test compares.
 */
const { document, types, names } = offline.expandSchema(readFileSync(new URL('demo/schema.graphql', import.meta.url), 'utf8'));
const expandedSdl = print(document);

/** What resolvers return: rows by input name for entities, and whatever context.offline.write answers for results. */
const mappers = Object.fromEntries(
  Object.keys(types).flatMap((typename) => [
    [typename, 'farside/server#Row'],
    [`${typename}Conflict`, 'farside/server#ConflictResult'],
    [`${typename}Connection`, 'farside/server#Connection'],
    ...(['create', 'update', 'delete'] as const).map((kind) => [
      offline.payloadName(names[typename]?.[kind] ?? kind),
      'farside/server#WritePayload',
    ]),
  ]),
);

/** All types of the demo count their versions. */
const scalars = { ID: 'string', DateTime: 'string', Version: 'number', SyncCursor: 'string' };

const config: CodegenConfig = {
  schema: expandedSdl,
  documents: ['demo/**/*.graphql', '!demo/schema.graphql', '!demo/generated/**'],
  ignoreNoDocuments: true,
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  config: {
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    scalars,
  },
  generates: {
    'demo/generated/schema.graphql': { plugins: ['sdl'] },
    'demo/generated/offline.ts': { plugins: ['farside/schema'] },
    'demo/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        mappers,
        contextType: 'farside/server#OfflineContext',
        immutableTypes: true,
        scalars: { ...scalars, Version: 'number | string' },
      },
    },
    'demo/generated/documents.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      // Apollo Client asks for __typename everywhere; so do the types, and unions can be told apart by it.
      config: { nonOptionalTypename: true, skipTypeNameForRoot: true, addTypenameToSelectionSets: true },
    },
  },
  pluginLoader: async (name) => {
    if (name === 'farside/schema') return offline;
    if (name === 'sdl') return { plugin: () => `${expandedSdl}\n` };
    return import(name);
  },
};

// GraphQL Code Generator reads the default export.
export default config;

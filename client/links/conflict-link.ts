import { ApolloLink } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import type { Observable } from 'rxjs';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { createCompletion } from '../outbox/completion.ts';
import { cloneOperation } from './clone-operation.ts';

/**
 * Asks for what the client needs to know of a mutation's answer and the document did not ask for: the conflict payload, the
 * refusal, the whole entity with its version. So no component writes a conflict selection set, and what stands in the cache
 * after an acknowledgement includes the write.
 *
 * Purpose-built for mutations of the manifest; everything else passes through untouched.
 */
export class ConflictLink extends ApolloLink {
  readonly #complete: (document: DocumentNode) => DocumentNode;

  constructor(options: { readonly manifest: OfflineManifest }) {
    super();
    this.#complete = createCompletion(options.manifest);
  }

  override request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result> {
    if (operation.operationType !== 'mutation') return forward(operation);
    const query = this.#complete(operation.query);
    return forward(query === operation.query ? operation : cloneOperation(operation, { query }));
  }
}

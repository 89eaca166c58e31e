import { gql } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { addManifestPolicies } from '../../../client/cache/policies.ts';
import { manifest } from '../../../demo/generated/offline.ts';

const SITE = gql`
  query Site($id: ID!) {
    site(id: $id) {
      id
      name
    }
  }
`;
const fragment = gql`
  fragment Name on Site {
    id
    name
  }
`;

describe('policies from the manifest', () => {
  it('answer a query by id from the entity, fetched by whatever query', () => {
    const cache = new OfflineCache();
    addManifestPolicies(cache, manifest);
    cache.writeFragment({ id: 'Site:1', fragment, data: { __typename: 'Site', id: '1', name: 'Quay' } });
    expect(cache.readQuery({ query: SITE, variables: { id: '1' } })).toEqual({ site: { __typename: 'Site', id: '1', name: 'Quay' } });
    expect(cache.readQuery({ query: SITE, variables: { id: '2' } })).toBeNull();
  });

  it('keep null as the answer that it is', () => {
    const cache = new OfflineCache();
    addManifestPolicies(cache, manifest);
    cache.writeFragment({ id: 'Site:1', fragment, data: { __typename: 'Site', id: '1', name: 'Quay' } });
    cache.writeQuery({ query: SITE, variables: { id: '1' }, data: { site: null } });
    expect(cache.readQuery({ query: SITE, variables: { id: '1' } })).toEqual({ site: null });
  });

  it("leave the application's own read function alone", () => {
    const cache = new OfflineCache({ typePolicies: { Query: { fields: { site: { read: () => null } } } } });
    addManifestPolicies(cache, manifest);
    cache.writeFragment({ id: 'Site:1', fragment, data: { __typename: 'Site', id: '1', name: 'Quay' } });
    expect(cache.readQuery({ query: SITE, variables: { id: '1' } })).toEqual({ site: null });
  });
});

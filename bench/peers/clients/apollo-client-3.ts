import { createRequire } from 'node:module';

// As CommonJS, all of it: in Node that is the one form that these packages share, and with it one Apollo Client.
const require = createRequire(import.meta.url);

export const { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } =
  require('@apollo/client/core') as typeof import('@apollo/client/core');
export const { RetryLink } = require('@apollo/client/link/retry') as typeof import('@apollo/client/link/retry');
export const { default: QueueLink } = require('apollo-link-queue') as typeof import('apollo-link-queue');
export const { default: SerializingLink } = require('apollo-link-serialize') as typeof import('apollo-link-serialize');
export const { LocalForageWrapper, persistCache } = require('apollo3-cache-persist') as typeof import('apollo3-cache-persist');

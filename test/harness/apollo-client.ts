/** The Apollo Client that Farside is built for, for code in bench/, which has an older one of its own for the peers. */
export { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, Observable } from '@apollo/client';

import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { ErrorCode } from '../../schema/protocol.ts';
import { isVersion } from '../../schema/version.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const MAX_CURSOR_LENGTH = 512;

/** Any spelling of an instant in UTC comes in; one goes out and into the store, so that text order is time order. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  parseValue: instant,
  parseLiteral: (node) => instant(node.kind === Kind.STRING ? node.value : undefined),
  serialize: (value) => instant(value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value),
});

export const Version = new GraphQLScalarType<number | string, number | string>({
  name: 'Version',
  parseValue: version,
  parseLiteral: (node) => version(node.kind === Kind.INT ? Number(node.value) : node.kind === Kind.STRING ? node.value : undefined),
  serialize: version,
});

export const SyncCursor = new GraphQLScalarType<string, string>({
  name: 'SyncCursor',
  parseValue: cursor,
  parseLiteral: (node) => cursor(node.kind === Kind.STRING ? node.value : undefined),
  serialize: cursor,
});

function instant(value: unknown): string {
  const date = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined;
  // The second half refuses the 30th of February, which Date takes for the 2nd of March.
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== String(value).slice(0, 10))
    throw badInput(`DateTime: expected ISO 8601 text in UTC, such as 2026-05-01T12:00:00.000Z, got ${show(value)}`);
  return date.toISOString();
}

function version(value: unknown): number | string {
  if (!isVersion('COUNTER', value) && !(typeof value === 'string' && value !== ''))
    throw badInput(`Version: expected a version that the server gave, got ${show(value)}`);
  return value;
}

function cursor(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_CURSOR_LENGTH)
    throw refused(ErrorCode.BAD_CURSOR, `SyncCursor: expected a cursor that the server gave, got ${show(value)}`);
  return value;
}

const refused = (code: ErrorCode, message: string) => new GraphQLError(message, { extensions: { code } });
const badInput = (message: string) => refused(ErrorCode.BAD_USER_INPUT, message);
const show = (value: unknown): string => (value === undefined ? 'something else' : JSON.stringify(value).slice(0, 80));

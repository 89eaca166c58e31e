import { describe, expect, it } from 'vitest';
import { type Answer, type AnswerError, classify, isEndpointStatus } from '../../../client/replay/outcome.ts';
import { EXTENSION, type FieldOutcome } from '../../../schema/protocol.ts';
import { manifest } from '../outbox/records.ts';

const NOW = Date.UTC(2026, 0, 1);
const generated = { responseKey: 'm', mutation: manifest.mutations.updateSite ?? null };
const custom = { responseKey: 'm', mutation: null };

const judge = (answer: Answer, target = generated) => classify(answer, target, NOW);
const result = (data: unknown, errors: readonly AnswerError[] = [], stated?: FieldOutcome | null): Answer => ({
  kind: 'result',
  data: data as Readonly<Record<string, unknown>> | null,
  errors,
  extensions: stated === undefined ? {} : { [EXTENSION]: { mutations: stated === null ? {} : { m: { outcome: stated } } } },
});
const error = (code?: string, rest: Partial<AnswerError> & { readonly more?: object } = {}): AnswerError => ({
  message: 'said',
  path: ['m'],
  ...rest,
  ...(code === undefined ? {} : { extensions: { code, ...rest.more } }),
});

describe('an HTTP status without a GraphQL answer', () => {
  it.each([400, 402, 403, 404, 405, 406, 409, 410, 413, 414, 415, 422, 431, 451])(
    '%i is a refusal: kept as a dead letter, not tried for ever',
    (status) => {
      expect(judge({ kind: 'status', status, retryAfter: null })).toMatchObject({ kind: 'rejected', code: `HTTP_${status}` });
    },
  );

  it('401 asks for a sign-in', () => {
    expect(judge({ kind: 'status', status: 401, retryAfter: null }).kind).toBe('unauthenticated');
  });

  it.each([408, 425, 429, 500, 501, 505, 520])('%i is tried again; the endpoint was there', (status) => {
    expect(judge({ kind: 'status', status, retryAfter: null })).toMatchObject({
      kind: 'retryable',
      code: `HTTP_${status}`,
      reached: true,
      retryAfterMs: null,
    });
    expect(isEndpointStatus(status)).toBe(true);
  });

  it.each([502, 503, 504, 511])('%i comes from something in front of it', (status) => {
    expect(judge({ kind: 'status', status, retryAfter: null })).toMatchObject({ kind: 'retryable', reached: false });
    expect(isEndpointStatus(status)).toBe(false);
  });

  it.each([204, 302, 304, 307])('%i refuses nothing: a redirect of something in between', (status) => {
    expect(judge({ kind: 'status', status, retryAfter: null })).toMatchObject({ kind: 'retryable', reached: false });
  });

  it('Retry-After counts, in seconds or as a date', () => {
    expect(judge({ kind: 'status', status: 429, retryAfter: '7' })).toMatchObject({ retryAfterMs: 7_000 });
    expect(judge({ kind: 'status', status: 503, retryAfter: new Date(NOW + 90_000).toUTCString() })).toMatchObject({
      retryAfterMs: 90_000,
    });
  });
});

describe('no answer, or none of the server', () => {
  it('is tried again: the write may have been applied', () => {
    expect(judge({ kind: 'unreachable', message: 'Failed to fetch' })).toMatchObject({
      kind: 'retryable',
      code: 'UNREACHABLE',
      reached: false,
    });
  });
  it('a captive portal’s page is not an answer', () => {
    expect(judge({ kind: 'unreadable', message: 'HTTP 200 with HTML' })).toMatchObject({
      kind: 'retryable',
      code: 'UNREADABLE_ANSWER',
      reached: false,
    });
  });
  it('neither data nor errors is not an answer either', () => {
    expect(judge(result(null))).toMatchObject({ kind: 'retryable', code: 'UNREADABLE_ANSWER' });
    expect(judge(result({}))).toMatchObject({ kind: 'retryable', code: 'UNREADABLE_ANSWER' });
  });
});

describe('a payload', () => {
  const payload = { __typename: 'UpdateSitePayload', site: { id: 's' } };
  it('is applied, or a repeat', () => {
    expect(judge(result({ m: payload }, [], 'applied'))).toEqual({ kind: 'applied', value: payload, errors: [] });
    expect(judge(result({ m: payload }, [], 'duplicate'))).toMatchObject({ kind: 'duplicate', value: payload });
    expect(judge(result({ m: payload }))).toMatchObject({ kind: 'applied' });
  });

  it.each([false, 0, '', []])('falsy values are values: %j is an answer', (value) => {
    expect(judge(result({ m: value }), custom)).toEqual({ kind: 'applied', value, errors: [] });
  });

  it('null without an error is what a custom mutation may answer', () => {
    expect(judge(result({ m: null }), custom)).toMatchObject({ kind: 'applied', value: null });
    expect(judge(result({ m: null }, [], 'applied'), custom)).toMatchObject({ kind: 'applied', value: null });
  });

  it('with nested errors is applied where the server says so, or says nothing', () => {
    const nested = [error('FORBIDDEN', { path: ['m', 'site', 'owner'] })];
    for (const stated of ['applied', undefined] as const)
      expect(judge(result({ m: payload }, nested, stated))).toMatchObject({ kind: 'applied', errors: nested });
  });

  it('with nested errors is not applied where a server that states outcomes states none: it rolled the field back', () => {
    expect(judge(result({ m: payload }, [error('INTERNAL_SERVER_ERROR', { path: ['m', 'site'] })], null))).toMatchObject({
      kind: 'retryable',
      code: 'INTERNAL_SERVER_ERROR',
    });
  });

  it('does not mind the errors of other fields of the batch', () => {
    expect(judge(result({ m: payload, n: null }, [error('FORBIDDEN', { path: ['n'] })], 'applied'))).toEqual({
      kind: 'applied',
      value: payload,
      errors: [],
    });
  });
});

describe('a conflict', () => {
  const conflict = {
    __typename: 'SiteConflict',
    message: 'm',
    currentVersion: 4,
    conflictingFields: ['name'],
    server: { id: 's', name: 'x' },
  };
  const read = { code: 'VERSION_MISMATCH', message: 'm', currentVersion: 4, conflictingFields: ['name'], server: { id: 's', name: 'x' } };

  it('is read whatever its code is called in the document', () => {
    for (const code of [{ conflictCode: 'VERSION_MISMATCH' }, { code: 'VERSION_MISMATCH' }])
      expect(judge(result({ m: { ...conflict, ...code } }, [], 'conflict'))).toEqual({ kind: 'conflict', conflict: read });
    expect(judge(result({ m: { ...conflict, conflictCode: 'VERSION_MISMATCH' } }, [], 'duplicate')).kind).toBe('conflict');
    expect(judge(result({ m: { ...conflict, conflictCode: 'DELETED', server: null, currentVersion: null } }))).toMatchObject({
      conflict: { code: 'DELETED', server: null, currentVersion: null },
    });
  });

  it('that the server states is one, also when the document did not ask for its type', () => {
    expect(judge(result({ m: {} }, [], 'conflict'))).toMatchObject({ kind: 'conflict', conflict: { server: null, conflictingFields: [] } });
    expect(judge(result({ m: conflict }, [], 'conflict'), custom).kind).toBe('conflict');
  });

  it('of a custom mutation is one in a repeated answer too', () => {
    expect(judge(result({ m: conflict }, [], 'duplicate'), custom).kind).toBe('conflict');
  });

  it('comes by the errors profile too', () => {
    const { __typename: _, ...body } = conflict;
    const profile = error('CONFLICT', { more: { conflict: { ...body, code: 'VERSION_MISMATCH' } } });
    expect(judge(result({ m: null }, [profile]))).toEqual({ kind: 'conflict', conflict: read });
    expect(judge(result({ m: null }, [profile], 'conflict')).kind).toBe('conflict');
    expect(judge(result(null, [error('CONFLICT')])).kind).toBe('rejected');
  });

  it('with members of the wrong kind does not break the client', () => {
    const odd = { __typename: 'SiteConflict', code: 7, message: null, currentVersion: {}, conflictingFields: ['name', 3], server: [] };
    expect(judge(result({ m: odd }))).toEqual({
      kind: 'conflict',
      conflict: {
        code: 'VERSION_MISMATCH',
        message: 'changed by somebody else',
        currentVersion: null,
        conflictingFields: ['name'],
        server: null,
      },
    });
  });
});

describe('a refusal', () => {
  it('MutationRejected is final, whatever its code is called in the document', () => {
    const refused = { __typename: 'MutationRejected', message: 'too long' };
    for (const code of [{ code: 'TOO_LONG' }, { rejectedCode: 'TOO_LONG' }])
      expect(judge(result({ m: { ...refused, ...code } }, [], 'rejected'))).toEqual({
        kind: 'rejected',
        code: 'TOO_LONG',
        message: 'too long',
        details: { ...refused, ...code },
      });
    expect(judge(result({ m: refused }, [], 'duplicate'), custom).kind).toBe('rejected');
    expect(judge(result({ m: {} }, [], 'rejected')).kind).toBe('rejected');
  });

  it.each(['BAD_USER_INPUT', 'FORBIDDEN', 'BAD_OFFLINE_EXTENSION', 'SOMETHING_ELSE', undefined])('the code %s is final', (code) => {
    expect(judge(result({ m: null }, [error(code)]))).toMatchObject({ kind: 'rejected', code: code ?? 'REJECTED', message: 'said' });
    expect(judge(result(null, [error(code, { path: undefined })]))).toMatchObject({ kind: 'rejected' });
  });
});

describe('codes that ask for something else', () => {
  it.each(['INTERNAL_SERVER_ERROR', 'TOO_MANY_UNACKNOWLEDGED', 'UNSUPPORTED_PROTOCOL', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'TIMEOUT'])(
    '%s is tried again',
    (code) => {
      expect(judge(result({ m: null }, [error(code)], null))).toMatchObject({ kind: 'retryable', code, reached: true, retryAfterMs: null });
    },
  );
  it('a hint of when is taken', () => {
    expect(judge(result(null, [error('RATE_LIMITED', { more: { retryAfterMs: 1_500 } })]))).toMatchObject({ retryAfterMs: 1_500 });
    expect(judge(result(null, [error('RATE_LIMITED', { more: { retryAfterMs: 'soon' } })]))).toMatchObject({ retryAfterMs: null });
  });
  it('UNAUTHENTICATED pauses, even beside other errors', () => {
    expect(judge(result(null, [error('INTERNAL_SERVER_ERROR'), error('UNAUTHENTICATED')])).kind).toBe('unauthenticated');
  });
  it('IDEMPOTENCY_KEY_REUSED and ALREADY_ACKNOWLEDGED have outcomes of their own', () => {
    expect(judge(result({ m: null }, [error('IDEMPOTENCY_KEY_REUSED')], null)).kind).toBe('keyReused');
    expect(judge(result({ m: null }, [error('ALREADY_ACKNOWLEDGED')], null)).kind).toBe('forgotten');
  });
});

describe('retry is never decided by the text of a message', () => {
  it.each(['order 14007 timed out', '404', 'HTTP 401', 'Failed to fetch', '500 Internal Server Error', 'conflict'])(
    '%j with a final code stays final',
    (message) => {
      expect(judge(result({ m: null }, [error('BAD_USER_INPUT', { message })])).kind).toBe('rejected');
      expect(judge(result({ m: null }, [error('INTERNAL_SERVER_ERROR', { message })])).kind).toBe('retryable');
      expect(judge({ kind: 'unreachable', message }).kind).toBe('retryable');
    },
  );
});

it('an error is about the field even when its path leaves the alias out: nothing that failed counts as applied', () => {
  expect(judge(result({ m: null }, [error('FORBIDDEN', { path: ['updateSite'] })])).kind).toBe('rejected');
});

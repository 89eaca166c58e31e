import { badInput } from './errors.ts';

/** The most that one page may be asked for. A server may give less: `limits.pageSize`. */
export const MAX_PAGE = 1000;

/** @throws GraphQLError BAD_USER_INPUT */
export function checkPage(name: string, size: number, least: number): number {
  if (!Number.isInteger(size) || size < least || size > MAX_PAGE)
    throw badInput(`${name}: expected an integer from ${least} to ${MAX_PAGE}, got ${size}`);
  return size;
}

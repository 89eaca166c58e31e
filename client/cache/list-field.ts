/** Arguments of a query field, as the cache keeps them in the name under which it stores the result. */
export interface ListField {
  /** `null`: the name does not tell which arguments it was asked with. */
  readonly args: Readonly<Record<string, unknown>> | null;
}

/**
 * Reads `todos`, `todos({"filter":…})` and, with a `keyArgs` policy, `todos:{"filter":…}`. `null` for a name that is another
 * field's. A policy that leaves filter and order out of its key stores different lists under one name; those are taken as asked
 * for without them.
 */
export function parseListField(storeFieldName: string, field: string): ListField | null {
  if (!storeFieldName.startsWith(field)) return null;
  const rest = storeFieldName.slice(field.length);
  if (rest === '') return { args: {} };
  const json = rest.startsWith('({') && rest.endsWith('})') ? rest.slice(1, -1) : rest.startsWith(':{') ? rest.slice(1) : null;
  if (json === null) return rest.startsWith('(') || rest.startsWith(':') ? { args: null } : null;
  try {
    return { args: JSON.parse(json) as Readonly<Record<string, unknown>> };
  } catch {
    return { args: null };
  }
}

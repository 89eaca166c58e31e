/**
 * The body of a request whose variables hold files: the GraphQL multipart request specification, as upload links send it in a tab.
 * `null` when they hold none. https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export function multipartBody(request: { readonly variables: Readonly<Record<string, unknown>> }): FormData | null {
  const files = new Map<string, Blob>();
  const variables = withoutFiles(request.variables, 'variables', files);
  if (files.size === 0) return null;
  const body = new FormData();
  body.append('operations', JSON.stringify({ ...request, variables }));
  body.append('map', JSON.stringify(Object.fromEntries([...files.keys()].map((path, at) => [at, [path]]))));
  for (const [at, file] of [...files.values()].entries()) body.append(String(at), file);
  return body;
}

function withoutFiles(value: unknown, path: string, files: Map<string, Blob>): unknown {
  if (value instanceof Blob) {
    files.set(path, value);
    return null;
  }
  if (Array.isArray(value)) return value.map((item, at) => withoutFiles(item, `${path}.${at}`, files));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFiles(item, `${path}.${key}`, files)]));
}

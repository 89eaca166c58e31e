/** One thing that a schema does against the conventions of PROTOCOL.md. */
export interface Problem {
  readonly type: string;
  /** `null` when it is about the type as a whole. */
  readonly field: string | null;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

/** One line per problem, for error messages and logs. */
export function describeProblem({ type, field, message, fix }: Problem): string {
  return `${field === null ? type : `${type}.${field}`}: ${message}; ${fix}`;
}

/** A schema that breaks the conventions: `problems` names type, field and fix of each breach. */
export class SchemaError extends Error {
  readonly code = 'BAD_SCHEMA';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`the schema breaks the offline conventions:\n${problems.map((problem) => `  ${describeProblem(problem)}`).join('\n')}`);
    this.name = 'SchemaError';
    this.problems = problems;
  }
}

/** What the request says of the edit behind one mutation field. */
export interface Edit {
  /** Values as the editor saw them, by input name. What is absent is unknown. */
  readonly base: Readonly<Record<string, unknown>>;
  /** Hybrid clock of the edit, held against the server's own. A client that tells none edits when its write arrives. */
  readonly clock: () => string;
}

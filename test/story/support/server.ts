import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoProcess, startDemoProcess } from './demo-process.ts';
import { createWire, type Wire } from './wire.ts';

export const PASSWORDS = { ada: 'north-star', grace: 'evening-tide' } as const;
export type UserId = keyof typeof PASSWORDS;

export interface Inspection {
  readonly id: string;
  readonly _version: number;
  readonly title: string;
  readonly status: string;
  readonly inspector: string | null;
  readonly notes: string | null;
  readonly tags: readonly string[];
  readonly visits: number;
  readonly passed: boolean | null;
}

export interface Finding {
  readonly id: string;
  readonly _version: number;
  readonly summary: string;
  readonly severity: string;
  readonly resolved: boolean;
  readonly count: number;
}

/** The real demo on a data folder of its own, the wire in front of it, and a way to look at what is true there. */
export interface StoryServer {
  readonly wire: Wire;
  /** Asks the server past the wire, as a signed-in user. Throws on GraphQL errors. */
  query<T>(document: string, variables?: Readonly<Record<string, unknown>>, user?: UserId): Promise<T>;
  inspection(id: string): Promise<Inspection | null>;
  findings(inspectionId: string): Promise<readonly Finding[]>;
  /** A new inspection of this title, made past the app. Gives its id. */
  plan(title: string, fields?: Partial<Inspection>): Promise<string>;
  /** Killed, as by the power cord. */
  kill(): Promise<void>;
  /** Starts again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const FIELDS = 'id _version title status inspector notes tags visits passed';

export async function startStoryServer(): Promise<StoryServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'farside-story-'));
  let demo: DemoProcess = startDemoProcess({ dataDirectory });
  let url = await demo.url;
  const wire = await createWire(() => url);
  const cookies = new Map<UserId, string>();

  async function cookieOf(user: UserId): Promise<string> {
    const known = cookies.get(user);
    if (known !== undefined) return known;
    const response = await fetch(`${url}/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password: PASSWORDS[user] }),
    });
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    if (cookie === undefined) throw new Error(`expected ${user} to be signed in, got HTTP ${response.status}`);
    cookies.set(user, cookie);
    return cookie;
  }

  async function query<T>(document: string, variables: Readonly<Record<string, unknown>> = {}, user: UserId = 'grace'): Promise<T> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: await cookieOf(user) },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  return {
    wire,
    query,
    async inspection(id) {
      return (await query<{ inspection: Inspection | null }>(`query ($id: ID!) { inspection(id: $id) { ${FIELDS} } }`, { id })).inspection;
    },
    async findings(inspectionId) {
      const { findings } = await query<{ findings: { nodes: (Finding & { inspection: { id: string } })[] } }>(
        '{ findings(first: 500) { nodes { id _version summary severity resolved count inspection { id } } } }',
      );
      return findings.nodes.filter(({ inspection }) => inspection.id === inspectionId).map(({ inspection: _, ...finding }) => finding);
    },
    async plan(title, fields = {}) {
      const input = { siteId: 'site-harbour', title, status: 'OPEN', tags: [], visits: 0, ...fields };
      const made = await query<{ createInspection: { inspection: { id: string } } }>(
        'mutation ($input: CreateInspectionInput!) { createInspection(input: $input) { ... on CreateInspectionPayload { inspection { id } } } }',
        { input },
      );
      return made.createInspection.inspection.id;
    },
    kill: () => demo.end('SIGKILL'),
    async restart() {
      demo = startDemoProcess({ dataDirectory });
      url = await demo.url;
    },
    async close() {
      await wire.close();
      await demo.end('SIGTERM');
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

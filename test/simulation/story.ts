import type { Event, Shown } from './history.ts';
import type { Violation } from './oracles/oracle.ts';
import type { Verdict } from './simulation.ts';
import type { Delivery } from './world/commit-log.ts';
import { entityName, type Intent } from './world/intent.ts';

/** The run as sentences: what led to the violations, and nothing about anything else. */
export function tellStory(
  { plan, violations, events }: Pick<Verdict, 'plan' | 'violations' | 'events'>,
  options: { readonly whole?: boolean } = {},
): string {
  const teller = createTeller(events, options.whole ? null : casting(events, violations));
  const lines = events.flatMap((event) => {
    const sentence = teller(event);
    return sentence === null ? [] : [`${clockFace(event.at)}  ${sentence}`];
  });
  const world = `${plan.devices.map(({ name, tabs }) => `${name} (${tabs} tab${tabs === 1 ? '' : 's'})`).join(', ')}; ${plan.database} database`;
  const broken = violations.map(({ invariant, says }) => `  ${invariant}  ${says}`);
  return [
    `Seed ${plan.seed}: ${world}`,
    ...lines,
    'What is broken:',
    ...broken,
    `Again:  npm run simulate -- --seed ${plan.seed} --seeds 1 --database ${plan.database} --versions ${plan.versions}`,
  ].join('\n');
}

interface Cast {
  readonly tickets: ReadonlySet<string>;
  readonly entities: ReadonlySet<string>;
}

/** Who plays a part: the tickets and entities of the violations, and whoever touched the same entities. */
function casting(events: readonly Event[], violations: readonly Violation[]): Cast | null {
  const about = new Set(violations.slice(0, 3).flatMap((violation) => violation.about));
  const made = events.filter((event) => event.kind === 'made');
  const entities = new Set([...about].filter((name) => name.includes(':')));
  for (const { ticket, intent } of made) if (about.has(ticket)) entities.add(entityName(intent));
  if (entities.size === 0) return null;
  const touches = (intent: Intent): boolean => entities.has(entityName(intent)) || entities.has(`Todo:${intent.other}`);
  return { tickets: new Set(made.flatMap(({ ticket, intent }) => (touches(intent) ? [ticket] : []))), entities };
}

function createTeller(events: readonly Event[], cast: Cast | null): (event: Event) => string | null {
  const deliveries = new Map(
    events.flatMap((event) => (event.kind === 'arrived' ? [[event.delivery.number, event.delivery] as const] : [])),
  );
  const isCast = (ticket: string | null): boolean => cast === null || (ticket !== null && cast.tickets.has(ticket));
  const touches = ({ ticket, variables, operation }: Delivery): boolean => {
    if (cast === null || isCast(ticket)) return true;
    const id = (variables.input as { readonly id?: unknown } | undefined)?.id;
    return ['Todo', 'List'].some((typename) => operation.endsWith(typename) && cast.entities.has(`${typename}:${String(id)}`));
  };

  return (event) => {
    switch (event.kind) {
      case 'step':
      case 'listed':
        return null;
      case 'made':
        return isCast(event.ticket) ? `${event.tab} makes ${event.ticket}: ${meaning(event.intent)}` : null;
      case 'durable':
        return isCast(event.ticket) ? `${event.ticket} is stored` : null;
      case 'refused':
        return isCast(event.ticket) ? `${event.ticket} could not be stored: ${event.code}` : null;
      case 'settled':
        return isCast(event.ticket) ? `${event.ticket} is acknowledged to its maker: ${brief(event.data)}` : null;
      case 'failed':
        return isCast(event.ticket) ? `the maker of ${event.ticket} is told: ${event.code}` : null;
      case 'decided':
        return isCast(event.ticket)
          ? `its maker decides about ${event.ticket} at ${event.device}: ${event.how}${event.set ? ` ${brief(event.set)}` : ''}`
          : null;
      case 'shown': {
        const seen = Object.entries(event.entities).filter(([entity]) => cast === null || cast.entities.has(entity));
        return seen.length > 0 ? `${event.tab} shows ${seen.map(([entity, shown]) => `${entity} ${appearance(shown)}`).join(', ')}` : null;
      }
      case 'event':
        return `${event.tab} reports ${event.code}: ${event.message}`;
      case 'opened':
        return `${event.user} opens ${event.tab}`;
      case 'closed':
        return `${event.tab} is ${event.how === 'crashed' ? 'gone without a word' : event.how}`;
      case 'rolledBack':
        return `${event.device} has the disk of a while ago again`;
      case 'ahead':
        return `${event.tab}, opened without a network, shows ${brief(event.versions)}, after ${event.worker} has pulled ${event.pages} pages`;
      case 'copied':
        return `${event.from} is copied to ${event.to}`;
      case 'leaving':
        return `somebody signs out in ${event.tab} (${event.pending})`;
      case 'arrived':
        return touches(event.delivery) ? `the server gets ${request(event.delivery)}` : null;
      case 'answered': {
        const delivery = deliveries.get(event.delivery);
        return delivery && touches(delivery)
          ? `the server answers ${delivery.ticket ?? delivery.operation}: ${event.status} ${event.body.slice(0, 400)}`
          : null;
      }
      case 'committed': {
        const puts = event.commit.puts.filter(({ entity }) => cast === null || cast.entities.has(entity));
        const what = puts.map(({ entity, after }) => `${entity} ${appearance(after)}`).join(', ');
        return puts.length > 0 ? `the server commits ${event.commit.ticket ?? 'by itself'}: ${what}` : null;
      }
      case 'server':
        return `the server is ${event.what}`;
      case 'collected':
        return `the server forgets the tombstones of ${event.entities.join(', ') || 'nothing'}`;
      case 'fault':
        return `(${event.fault} at ${event.site})`;
      case 'phase':
        return `— ${event.phase} —`;
      case 'note':
        return event.text;
    }
  };
}

function meaning({ kind, set, add, join, leave, seen, other, ...rest }: Intent): string {
  const parts = [
    ...Object.entries(set).map(([field, value]) => `${field} = ${JSON.stringify(value)}`),
    ...Object.entries(add).map(([field, by]) => `${field} + ${by}`),
    ...Object.entries(join).flatMap(([field, items]) => items.map((item) => `${field} with ${item}`)),
    ...Object.entries(leave).flatMap(([field, items]) => items.map((item) => `${field} without ${item}`)),
  ];
  const from = seen === null ? '' : ` (on screen: ${appearance(seen)})`;
  return `${kind} ${entityName(rest)}${other ? ` and Todo:${other}` : ''} ${parts.join(', ')}${from}`;
}

function appearance(row: Shown | null): string {
  if (row === null) return 'no longer';
  const { id: _id, __typename, _version, _deleted, _lastChangedAt, ...fields } = row;
  const told = Object.entries(fields).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
  return `v${String(_version)}${_deleted ? ' deleted' : ''} { ${told.map(([field, value]) => `${field}: ${JSON.stringify(value)}`).join(', ')} }`;
}

function request({ operation, ticket, tab, identity, variables, user }: Delivery): string {
  const { ticket: _ticket, ...rest } = variables;
  const key = identity ? ` as ${identity.clientId.slice(-4)}/${identity.mutationId}` : '';
  const base = identity?.base ? ` on ${brief(identity.base)}` : '';
  return `${operation}${ticket ? ` (${ticket})` : ''} from ${tab}, ${user ?? 'a stranger'}${key}: ${brief(rest)}${base}`;
}

const brief = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300);

function clockFace(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}.${String(ms % 1000).padStart(3, '0')}`;
}

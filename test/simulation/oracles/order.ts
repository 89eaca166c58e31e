import type { Commit } from '../world/commit-log.ts';
import { groupBy } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** What one tab did to one entity happens in that order; what it made first is there before what needs it. */
export const order: Oracle = {
  invariant: 'I9',
  promise: 'Order',
  judge({ tickets, commits, deliveries }) {
    const files = [...tickets.values()];
    const known = files.filter(({ apart }) => !apart);
    const from = ({ delivery }: Commit): string | undefined => (delivery === null ? undefined : deliveries.get(delivery)?.device);
    const overtaken = [...groupBy(known, ({ tab, entity }) => `${tab} ${entity}`).values()].flatMap((made) => {
      let last: (typeof made)[number] | null = null;
      return made.flatMap((file) => {
        const [commit] = file.commits;
        if (commit === undefined) return [];
        const first = commit.index;
        const before = last;
        last = file;
        // Where it was copied, its owner may have decided otherwise.
        const previous = before?.commits.filter((each) => from(each) === from(commit)).at(-1)?.index ?? -1;
        // Nothing waits for what went past the outbox: whoever sends it so waits for its answer.
        if (before?.intent.live) return [];
        // What goes past the outbox does not wait for what waits for a person.
        if (file.intent.live && before !== null && before.decided.length > 0) return [];
        // A refused edit stands in nobody's way; sent again by choice, it comes when it comes.
        if (before === null || previous < first || before.decided.some(({ how }) => how === 'retry' || how === 'edit')) return [];
        return [
          {
            figure: 'other' as const,
            says: `${file.ticket} came before ${before.ticket}, which ${file.tab} had made first`,
            about: [file.ticket, before.ticket, file.entity],
          },
        ];
      });
    });
    const created = new Map<string, number>();
    for (const { index, puts } of commits) for (const { entity } of puts) if (!created.has(entity)) created.set(entity, index);
    const groundless = files.flatMap((file) => {
      const needed = file.intent.set.listId;
      const at = file.commits[0]?.index;
      const maker = files.find(
        ({ entity, intent, device }) => intent.kind === 'create' && entity === `List:${String(needed)}` && device === file.device,
      );
      if (typeof needed !== 'string' || at === undefined || maker === undefined || maker.made > file.made) return [];
      if ((created.get(`List:${needed}`) ?? Number.POSITIVE_INFINITY) < at) return [];
      return [
        {
          figure: 'other' as const,
          says: `${file.ticket} names List:${needed} before ${maker.ticket} had made it`,
          about: [file.ticket, maker.ticket, file.entity],
        },
      ];
    });
    return [...overtaken, ...groundless];
  },
};

import { DeleteFindingDocument, type FindingFragment, type Severity, UpdateFindingDocument } from '../../generated/documents.ts';
import { SEVERITIES } from '../fields/fields.ts';
import { useDraft } from '../fields/use-draft.ts';
import { RowMark } from '../status/pending-mark.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { useSave } from '../use-save.ts';
import styles from './findings.module.css';

export function FindingItem({ finding: { id, _version, summary, severity, resolved, count } }: { finding: FindingFragment }) {
  const update = useSave(UpdateFindingDocument);
  const remove = useSave(DeleteFindingDocument);
  const draft = useDraft({
    value: summary,
    version: _version,
    save: (text, version) => update({ input: { id, _version: version, summary: text.trim() } }),
  });
  const leave = () => (draft.text.trim() === '' ? draft.cancel() : draft.commit());
  return (
    <li className={styles.item} data-testid="finding" data-id={id}>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={resolved}
          aria-label={`Resolved: ${summary}`}
          onChange={(event) => void update({ input: { id, _version, resolved: event.target.checked } })}
        />
      </label>
      <div className={styles.body}>
        <input
          className={styles.summary}
          data-resolved={resolved}
          aria-label="Finding"
          value={draft.text}
          onChange={(event) => draft.change(event.target.value)}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.key === 'Enter') leave();
            if (event.key === 'Escape') draft.cancel();
          }}
        />
        <div className={styles.facts}>
          <Select
            aria-label={`Severity of ${summary}`}
            value={severity}
            options={SEVERITIES}
            onChange={(event) => void update({ input: { id, _version, severity: event.target.value as Severity } })}
          />
          <span className={styles.count}>
            <span data-testid="finding-count">{count === 1 ? 'Seen once' : `Seen ${count} times`}</span>
            <Button
              kind="quiet"
              aria-label={`Seen once more: ${summary}`}
              onClick={() => void update({ input: { id, _version, count: count + 1 } })}
            >
              <Icon name="plus" size={16} />
            </Button>
          </span>
          <RowMark typename="Finding" id={id} />
        </div>
      </div>
      <Button kind="quiet" aria-label={`Delete finding: ${summary}`} onClick={() => void remove({ input: { id, _version } })}>
        <Icon name="trash" />
      </Button>
    </li>
  );
}

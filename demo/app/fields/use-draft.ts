import { useEffect, useState } from 'react';

interface Draft {
  readonly text: string;
  /** What stood there when the typing began. */
  readonly from: string;
  readonly version: number;
}

interface DraftOptions {
  readonly value: string;
  /** The version of the entity that `value` belongs to. */
  readonly version: number;
  /** Resolves with `null` when it could not be saved: then the draft stays. */
  readonly save: (text: string, version: number) => Promise<object | null>;
  /** Saves when the typing rests this long. Default: when the field is left. */
  readonly restMs?: number;
}

/**
 * What somebody is typing, apart from what is stored. Saved with the version that the writer saw: when the value moved on
 * underneath, it comes back as a conflict and overwrites nothing.
 */
export function useDraft({ value, version, save, restMs }: DraftOptions) {
  const [draft, setDraft] = useState<Draft | null>(null);

  const commit = async (): Promise<void> => {
    if (draft === null) return;
    if (draft.text === draft.from || draft.text === value) return setDraft(null);
    const saved = await save(draft.text, draft.from === value ? version : draft.version);
    // Kept until the stored value is this one, so that the field never jumps back; what was typed meanwhile builds on it.
    if (saved !== null) setDraft((now) => (now === draft || now === null ? null : { ...now, from: draft.text }));
  };

  useEffect(() => {
    if (draft === null || restMs === undefined) return;
    const timer = setTimeout(() => void commit(), restMs);
    return () => clearTimeout(timer);
  });

  return {
    text: draft?.text ?? value,
    /** Somebody else changed the value since the typing began. */
    overtaken: draft !== null && draft.from !== value,
    change: (text: string) => setDraft((now) => (now === null ? { text, from: value, version } : { ...now, text })),
    commit: () => void commit(),
    cancel: () => setDraft(null),
  };
}

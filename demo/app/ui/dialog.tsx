import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly title: string;
  readonly shape?: 'box' | 'wide' | 'drawer';
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, in a row that stays in sight. */
  readonly foot?: ReactNode;
  readonly testId?: string;
}

/** A modal of the platform's own: it keeps the focus inside, closes on Escape, and gives the focus back. Mount it to open it. */
export function Dialog({ title, shape = 'box', onClose, children, foot, testId }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  // Before the element leaves the document: closing it is what gives the focus back to where it was.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Where there is something to fill in, that is where to begin; else the platform takes the first control.
    dialog?.querySelector<HTMLElement>('[data-begin]')?.focus();
    // A drawer closes by a click beside it, which the platform reports as a click on the dialog itself.
    const beside = (event: MouseEvent) => {
      if (event.target === dialog && shape === 'drawer') close.current();
    };
    dialog?.addEventListener('click', beside);
    return () => {
      dialog?.removeEventListener('click', beside);
      dialog?.close();
    };
  }, [shape]);

  return (
    <dialog
      ref={element}
      className={`${styles.dialog} ${shape === 'box' ? '' : styles[shape]}`}
      aria-labelledby={titleId}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={styles.head}>
        <h2 id={titleId}>{title}</h2>
        <Button kind="quiet" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <div className={styles.body}>{children}</div>
      {foot === undefined ? null : <footer className={styles.foot}>{foot}</footer>}
    </dialog>
  );
}

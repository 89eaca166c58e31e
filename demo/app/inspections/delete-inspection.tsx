import { useState } from 'react';
import { useLocation } from 'wouter';
import { DeleteInspectionDocument, type InspectionFragment } from '../../generated/documents.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { useSave } from '../use-save.ts';
import styles from './inspection-page.module.css';

export function DeleteInspection({ inspection: { id, _version, title } }: { inspection: InspectionFragment }) {
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const remove = useSave(DeleteInspectionDocument);
  const confirm = async () => {
    setAsking(false);
    if ((await remove({ input: { id, _version } })) !== null) navigate('/');
  };
  return (
    <>
      <Button kind="danger" className={styles.delete ?? ''} onClick={() => setAsking(true)} aria-haspopup="dialog">
        <Icon name="trash" /> Delete inspection
      </Button>
      {asking ? (
        <Dialog
          title="Delete this inspection?"
          onClose={() => setAsking(false)}
          foot={
            <>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button kind="danger" onClick={() => void confirm()}>
                Delete
              </Button>
            </>
          }
        >
          <p>“{title}” goes for everybody, once this is sent. If somebody changes it first, you are asked again.</p>
        </Dialog>
      ) : null}
    </>
  );
}

import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

const Announce = createContext<(message: string) => void>(() => {});

/** One live region for the whole app: what is said here is read out without moving the focus. */
export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState('');
  // A region that gets the same text again stays silent; an invisible difference makes it speak.
  const announce = useCallback((next: string) => setMessage((last) => (last === next ? `${next}\u00a0` : next)), []);
  return (
    <Announce value={announce}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
        {message}
      </div>
    </Announce>
  );
}

export const useAnnounce = (): ((message: string) => void) => useContext(Announce);

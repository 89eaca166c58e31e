import { useEffect, useState } from 'react';
import { currentUser, REMEMBERED, rememberedUser, type User } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { SignedIn } from './signed-in.tsx';
import { Announcer } from './ui/announcer.tsx';
import { Problems } from './ui/problems.tsx';

export function App() {
  const [user, setUser] = useState<User | null>(rememberedUser);
  const [asking, setAsking] = useState(user === null);

  useEffect(() => {
    let mounted = true;
    void currentUser().then((found) => {
      if (!mounted) return;
      setAsking(false);
      // No answer leaves a remembered user in place: that is what opening offline means.
      if (found !== null) setUser((known) => (known?.id === found.id ? known : found));
    });
    return () => {
      mounted = false;
    };
  }, []);

  // Another tab signed somebody else in or out: the cookie is shared, so this tab must follow before it sends anything.
  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key === REMEMBERED && rememberedUser()?.id !== user?.id) location.reload();
    };
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, [user]);

  return (
    <Announcer>
      <Problems>
        {user !== null ? (
          <SignedIn key={user.id} user={user} onSignedOut={() => setUser(null)} onUser={setUser} />
        ) : asking ? null : (
          <SignInPage onSignedIn={setUser} />
        )}
      </Problems>
    </Announcer>
  );
}

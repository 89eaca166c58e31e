import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { Icon } from './icon.tsx';
import styles from './page.module.css';

/** One screen: its title names the tab, and takes the focus when the screen opens, so that a screen reader begins there. */
export function Page({
  title,
  heading,
  back,
  actions,
  children,
}: {
  title: string;
  heading?: ReactNode;
  back?: { href: string; label: string };
  actions?: ReactNode;
  children: ReactNode;
}) {
  const headingElement = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Farside Inspections`;
  }, [title]);
  useEffect(() => headingElement.current?.focus({ preventScroll: true }), []);

  return (
    <main className={styles.page} id="content">
      {back === undefined ? null : (
        <Link href={back.href} className={styles.back}>
          <Icon name="back" /> {back.label}
        </Link>
      )}
      <div className={styles.head}>
        <h1 ref={headingElement} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions}
      </div>
      {children}
    </main>
  );
}

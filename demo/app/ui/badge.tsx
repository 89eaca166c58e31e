import type { ComponentProps } from 'react';
import styles from './badge.module.css';

export type Tone = 'neutral' | 'good' | 'wait' | 'bad' | 'accent';

export function Badge({ tone = 'neutral', ...rest }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={`${styles.badge} ${tone === 'neutral' ? '' : styles[tone]}`} {...rest} />;
}

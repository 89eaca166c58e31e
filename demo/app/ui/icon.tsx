/** Line icons on a 20 × 20 grid, drawn in the text's colour. Always beside words or on a labelled control, so hidden from readers. */
const PATHS = {
  clock: 'M10 5.5V10l3 2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z',
  send: 'M10 16V4M5 9l5-5 5 5',
  split: 'M10 17v-6M10 11L4.5 4M10 11l5.5-7M4.5 8V4h4M15.5 8V4h-4',
  stop: 'M10 6.5v4M10 13.4v.1M10 2.5L18 16.5H2z',
  close: 'M5 5l10 10M15 5L5 15',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  back: 'M12 4l-6 6 6 6',
  tray: 'M3 11l2.5-7h9L17 11v5H3zM3 11h4l1 2h4l1-2h4',
  trash: 'M4 6h12M8 6V4h4v2M5.500 6l.7 10.500h7.600L14.500 6',
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** `ada-1.2` is a tab of `ada-1`. */
export function deviceOf(tab: string): string {
  return tab.slice(0, tab.lastIndexOf('.'));
}
